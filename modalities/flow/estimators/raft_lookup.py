"""Correlations of all pairs of feature cells, and how a neighbourhood of each is looked up in them.

Teed & Deng 2020, RAFT: Recurrent All-Pairs Field Transforms for Optical Flow, §3.2: the second map is halved again and
again; of each level a cell sees the (2r + 1)² values around the point that its flow leads to, between cells by
bilinear interpolation, and 0 outside of the map.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


class Correlations:
    """The correlations of pairs of feature maps, as one table that is read by one gather.

    The levels of the second map, each with a border of zeros, lie behind one another, so that one matrix product makes
    all correlations, those with what is outside included. All points of a neighbourhood have the same place between
    cells: (2r + 2)² values per cell and level are fetched, and two interpolations make (2r + 1)² of them.

    Args:
        first: feature maps.
        second: those that are looked up in.
        levels: sizes of the second map.
        radius: of the neighbourhood, in cells.

    Shapes: maps ``[P, C, h, w]``.
    """

    def __init__(self, first: Tensor, second: Tensor, *, levels: int, radius: int) -> None:
        pairs, channels, height, width = first.shape
        device, border, side = first.device, 2 * radius + 2, torch.arange(2 * radius + 2, device=first.device)
        parts, rows, starts, limits, length = [], [], [], [], 0
        for level in range(levels):
            second = F.avg_pool2d(second, 2) if level else second
            h, w = second.shape[-2:]
            # the zeros left of a row are also those right of the row above
            part = F.pad(second.permute(0, 2, 3, 1), (0, 0, border, 0, border, border))  # [P, h + 2b, w + b, C]
            parts.append(part.flatten(1, 2))
            rows.append(w + border)
            starts.append(length + (border - radius) * (w + border) + border - radius)
            limits.append((w + radius, h + radius))
            length += parts[-1].shape[1]
        parts.append(parts[-1].new_zeros(pairs, border, channels))  # right of the last row
        length += border
        flat = first.permute(0, 2, 3, 1).flatten(1, 2) * channels**-0.5  # [P, h · w, C]
        self.table = torch.bmm(flat, torch.cat(parts, dim=1).transpose(1, 2)).flatten()  # [P · h · w · length]
        kind = torch.int32 if self.table.numel() < 2**31 else torch.int64
        self.row = torch.tensor(rows, dtype=kind, device=device)[:, None]  # [levels, 1]
        cells = torch.arange(pairs * height * width, device=device)
        self.start = (cells * length + torch.tensor(starts, device=device)[:, None]).to(kind)  # [levels, P · h · w]
        self.offsets = (side[:, None, None, None] * self.row + side[:, None, None]).to(kind)  # [y, x, levels, 1]
        self.least = -float(radius + 1)  # from here on all is outside, as from the limits on
        self.most = torch.tensor(limits, dtype=torch.float32, device=device).T[..., None]  # [2, levels, 1]
        self.scale = 0.5 ** torch.arange(levels, device=device)[:, None]

    def around(self, points: Tensor) -> Tensor:
        """The neighbourhoods of points ``(x, y)`` of the second map, one of each cell of the first.

        Shapes: float32 ``[P, 2, h, w]`` -> ``[(2r + 1)² · levels, P · h · w]``, in the order (y, x, level).
        """
        where = points.transpose(0, 1).reshape(2, 1, -1) * self.scale  # [2, levels, P · h · w]
        where = torch.minimum(where.clamp_min(self.least), self.most)
        corner = where.floor()
        share = (where - corner).to(self.table.dtype)
        x, y = corner.to(self.row.dtype)
        places = self.offsets + (y * self.row + x + self.start)
        found = torch.index_select(self.table, 0, places.flatten()).view(places.shape)  # [2r + 2, 2r + 2, levels, …]
        found = torch.lerp(found[:-1], found[1:], share[1])
        found = torch.lerp(found[:, :-1], found[:, 1:], share[0])
        return found.flatten(0, 2)
