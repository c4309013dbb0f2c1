"""Correlation of neighbouring frames with learned filters."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from triad.modalities.checks import fail


def correlate(data: Tensor, filters: Tensor, *, dilation: int, groups: int) -> Tensor:
    r"""Return the weighted similarity of every place with the places around it one frame before.

    ``S_g(t, y, x, i, j) = mean_{c in g} W_c(t, i, j) · x_c(t, y + d·i, x + d·j) · x_c(t - 1, y, x)`` with displacements
    ``i`` and ``j`` from ``-(K - 1) / 2`` to ``(K - 1) / 2`` and the dilation ``d``; beyond the frame there are zeros.
    The first frame is correlated with itself, so that no time is lost.

    Args:
        data: feature map.
        filters: weight of each channel, time and displacement.
        dilation: distance of neighbouring displacements, places.
        groups: number of groups of channels, each with similarities of its own.

    Shapes: ``data`` ``[B, C, T, H, W]``, ``filters`` ``[C, T, K, K]`` -> ``[B, K² · groups, T, H, W]``, the
    displacements first, row by row.
    """
    height, width = data.shape[3:]
    size = filters.shape[2]
    margin = dilation * (size - 1) // 2
    padded = F.pad(data, (margin, margin, margin, margin))
    previous = torch.cat([data[:, :, :1], data[:, :, :-1]], dim=2)
    similarities = []
    for row in range(size):
        for column in range(size):
            top, left = row * dilation, column * dilation
            moved = padded[:, :, :, top : top + height, left : left + width]
            weighted = filters[:, :, row, column, None, None] * previous * moved  # [C, T, 1, 1] · [B, C, T, H, W]
            similarities.append(weighted.unflatten(1, (groups, -1)).mean(2))
    return torch.cat(similarities, dim=1)


class Correlation(nn.Module):
    """Learnable, dilated correlation in groups of channels (Wang et al. 2020, Video Modeling with Correlation
    Networks, §3).

    Args:
        channels: channels of the input.
        num_frames: number of times, each of which has filters of its own. For another number of times neighbouring
            filters are averaged, or repeated.
        size: number of displacements along rows and columns, odd.
        dilation: see :func:`correlate`.
        groups: see :func:`correlate`; a divisor of ``channels``.

    Shapes: ``[B, channels, T, H, W]`` -> ``[B, size² · groups, T, H, W]``.

    Raises:
        InputError: for an even size, or groups that do not divide ``channels``.
    """

    def __init__(self, *, channels: int, num_frames: int, size: int = 7, dilation: int = 2, groups: int = 32) -> None:
        super().__init__()
        if size % 2 == 0:
            fail("Correlation.size", "be odd", size)
        if channels % groups:
            fail("Correlation.channels", f"divide by its {groups} groups", channels)
        self.dilation = dilation
        self.groups = groups
        self.out_channels = size * size * groups
        self.filters = nn.Parameter(torch.empty(channels, num_frames, size, size))
        nn.init.kaiming_normal_(self.filters, mode="fan_out", nonlinearity="relu")

    def forward(self, data: Tensor) -> Tensor:
        filters = self.filters
        if filters.shape[1] != data.shape[2]:
            per_time = F.adaptive_avg_pool1d(filters.flatten(2).transpose(1, 2), data.shape[2])  # [C, K², T]
            filters = per_time.transpose(1, 2).unflatten(2, filters.shape[2:])
        return correlate(data, filters, dilation=self.dilation, groups=self.groups)
