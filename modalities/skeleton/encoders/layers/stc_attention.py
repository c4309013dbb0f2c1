"""Attention over joints, times and channels in turn (AAGCN)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class StcAttention(nn.Module):
    """``x ← x (1 + attention)`` for joints, then times, then channels (Shi et al. 2020, AAGCN).

    Each attention is a sigmoid of a small network over means of the map after the attention before it. The means are
    computed from the original map and the factors, so that the map is read twice and written once.

    Args:
        channels: number of channels of the map.
        joints: number of joints; the kernel over joints spans all of them, one less where their number is even.

    Shapes: ``[N, C, T, V]`` -> the same.
    """

    def __init__(self, channels: int, joints: int) -> None:
        super().__init__()
        kernel = joints - 1 + joints % 2
        self.joints = nn.Conv1d(channels, 1, kernel, padding=kernel // 2)
        self.times = nn.Conv1d(channels, 1, 9, padding=4)
        self.squeeze = nn.Linear(channels, channels // 2)
        self.excite = nn.Linear(channels // 2, channels)
        nn.init.xavier_normal_(self.joints.weight)
        nn.init.kaiming_normal_(self.squeeze.weight)
        for zero in (self.times.weight, self.excite.weight, *(m.bias for m in self.children())):
            nn.init.zeros_(zero)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        joint = 1 + self.joints(x.mean(2)).sigmoid()  # [N, 1, V]
        mean = torch.einsum("nctv,nv->nct", x, joint[:, 0]) / x.shape[3]  # over joints, after the joint attention
        time = 1 + self.times(mean).sigmoid()  # [N, 1, T]
        mean = (mean * time).mean(2)  # [N, C], over joints and times, after both attentions
        channel = 1 + self.excite(self.squeeze(mean).relu()).sigmoid()  # [N, C]
        return x * (time[..., None] * joint[:, :, None]) * channel[:, :, None, None]
