"""Correlation pyramid of RAFT as one table that one gather reads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

ROW_MULTIPLE = 8
"""Number that the correlations of a cell are filled up to a multiple of: matrix products of a GPU write 8 at once."""


class CorrelationPyramid:
    """All-pairs correlations of feature maps at several sizes of the second map.

    Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow, §3.2: the second map is halved from
    level to level; at each level a cell reads the (2r + 1)² correlations around the point that its flow leads to, by
    bilinear interpolation, and 0 outside of the map.

    The levels of the second map, each with a border of zeros, are concatenated, so that one matrix product makes all
    correlations, those outside of the map included. All points of a neighbourhood have the same fraction of a cell:
    (2r + 2)² values per cell and level are fetched, and two interpolations make (2r + 1)² of them.

    Args:
        first: feature maps of the frames that the flow leads from.
        second: feature maps of the frames that it leads to.
        levels: number of sizes of the second map.
        radius: radius of the neighbourhood, in cells.

    Shapes: maps ``[P, C, h, w]``.
    """

    def __init__(self, first: Tensor, second: Tensor, *, levels: int, radius: int) -> None:
        pairs, channels, height, width = first.shape
        device = first.device
        border = 2 * radius + 2
        side = torch.arange(border, device=device)
        maps: list[Tensor] = []
        row_lengths: list[int] = []
        starts: list[int] = []
        limits: list[tuple[int, int]] = []
        length = 0
        for level in range(levels):
            second = F.avg_pool2d(second, 2) if level else second
            h, w = second.shape[-2:]
            # the zeros left of a row are also those right of the row above
            padded = F.pad(second.permute(0, 2, 3, 1), (0, 0, border, 0, border, border))  # [P, h + 2b, w + b, C]
            maps.append(padded.flatten(1, 2))
            row_lengths.append(w + border)
            starts.append(length + (border - radius) * (w + border) + border - radius)
            limits.append((w + radius, h + radius))
            length += maps[-1].shape[1]
        row_end = table_length(height, width, levels=levels, radius=radius) - length
        maps.append(maps[-1].new_zeros(pairs, row_end, channels))  # right of the last row
        length += row_end
        queries = first.permute(0, 2, 3, 1).flatten(1, 2) * channels**-0.5  # [P, h · w, C]
        self.table = torch.bmm(queries, torch.cat(maps, dim=1).transpose(1, 2)).flatten()  # [P · h · w · length]
        dtype = torch.int32 if self.table.numel() < 2**31 else torch.int64
        self.row_length = _fill(row_lengths, dtype, device)[:, None]  # [levels, 1]
        cells = torch.arange(pairs * height * width, device=device)
        self.start = (cells * length + _fill(starts, torch.int64, device)[:, None]).to(dtype)  # [levels, P · h · w]
        offsets = side[:, None, None, None] * self.row_length + side[:, None, None]
        self.offsets = offsets.to(dtype)  # [y, x, levels, 1]
        # every point outside of these bounds reads zeros alone
        self.lower = torch.full((1, 1, 1), -float(radius + 1), device=device)
        limits_x, limits_y = (_fill(sides, torch.float32, device) for sides in zip(*limits, strict=True))
        self.upper = torch.stack([limits_x, limits_y])[..., None]  # [2, levels, 1]
        self.scale = _fill([0.5**level for level in range(levels)], torch.float32, device)[:, None]
        rows_and_columns = torch.stack([cells // width % height, cells % width])
        self.cells = rows_and_columns.flip(0)[:, None] * self.scale  # [2, levels, P · h · w]

    def lookup(self, flow: Tensor) -> Tensor:
        """Return the correlations around the points that a flow leads to, one point for each cell of the first map.

        Shapes: float32 ``[2, P, h, w]`` -> ``[(2r + 1)² · levels, P · h · w]``, in the order (y, x, level).
        """
        centers = torch.addcmul(self.cells, flow.view(2, 1, -1), self.scale)  # [2, levels, P · h · w]
        centers.clamp_(self.lower, self.upper)
        corner = centers.floor()
        fraction = torch.empty_like(centers, dtype=self.table.dtype)
        torch.sub(centers, corner, out=fraction)
        x, y = corner.to(self.row_length.dtype)
        indices = self.offsets + torch.addcmul(self.start, y, self.row_length).add_(x)
        values = torch.index_select(self.table, 0, indices.flatten()).view(indices.shape)  # [2r + 2, 2r + 2, levels, …]
        values = torch.lerp(values[:-1], values[1:], fraction[1])
        values = torch.lerp(values[:, :-1], values[:, 1:], fraction[0])
        return values.flatten(0, 2)


def table_length(height: int, width: int, *, levels: int, radius: int) -> int:
    """Return the number of correlations of one cell, zeros around the levels included.

    Args:
        height: height of the feature map, cells.
        width: width of the feature map, cells.
        levels: number of sizes of the second map.
        radius: radius of the neighbourhood, in cells.
    """
    border = 2 * radius + 2
    sizes = [(height >> level, width >> level) for level in range(levels)]
    length = sum((rows + 2 * border) * (columns + border) for rows, columns in sizes) + border
    return -(-length // ROW_MULTIPLE) * ROW_MULTIPLE


def _fill(values: Sequence[float], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return numbers as a tensor that the device fills by itself: while a CUDA graph is captured, none are copied."""
    return torch.cat([torch.full((1,), value, dtype=dtype, device=device) for value in values])
