"""Shift-GCN with the key names of kchengiva/Shift-GCN computes the same map."""

from __future__ import annotations

import torch
from published_networks import WIDTHS, Unit, check_same_map, down, normalize, plan, randomize
from torch import Tensor, nn

from triad.modalities.skeleton.encoders import ShiftGcn


class Gcn(nn.Module):
    """Spatial shift by a table of indices, which the published files hold."""

    def __init__(self, in_channels: int, out_channels: int, joints: int) -> None:
        super().__init__()
        self.Linear_weight = nn.Parameter(torch.zeros(in_channels, out_channels))
        self.Linear_bias = nn.Parameter(torch.zeros(1, 1, out_channels))
        self.Feature_Mask = nn.Parameter(torch.zeros(1, joints, in_channels))
        self.shift_in = nn.Parameter(_table(joints, in_channels, 1), requires_grad=False)
        self.shift_out = nn.Parameter(_table(joints, out_channels, -1), requires_grad=False)
        self.bn = nn.BatchNorm1d(joints * out_channels)
        self.down = down(in_channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        y = x.permute(0, 2, 3, 1).reshape(n * times, -1)[:, self.shift_in].view(n * times, joints, channels)
        y = (y * (1 + self.Feature_Mask.tanh())) @ self.Linear_weight + self.Linear_bias
        y = self.bn(y.flatten(1)[:, self.shift_out]).view(n, times, joints, -1).permute(0, 3, 1, 2)
        return (y + self.down(x)).relu()


def _table(joints: int, channels: int, direction: int) -> Tensor:
    joint, channel = torch.meshgrid(torch.arange(joints), torch.arange(channels), indexing="ij")
    return ((joint + direction * channel) % joints * channels + channel).flatten()


class Shift(nn.Module):
    """Shift in time by ``ypos``, between times linearly, outside the clip zero."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.xpos = nn.Parameter(torch.zeros(channels))
        self.ypos = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        out = x.new_zeros(*x.shape[:2], x.shape[2] // self.stride, x.shape[3])
        for channel, shift in enumerate(self.ypos + (0.5 if self.stride == 2 else 0)):
            for time in range(out.shape[2]):
                position = time * self.stride + shift
                below = int(position.floor())
                for source, weight in ((below, 1 - (position - below)), (below + 1, position - below)):
                    if 0 <= source < x.shape[2]:
                        out[:, channel, time] += weight * x[:, channel, source]
        return out


class Tcn(nn.Module):
    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(channels)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shift_in = Shift(channels, 1)
        self.shift_out = Shift(channels, stride)
        self.temporal_linear = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn2(self.shift_out(self.temporal_linear(self.shift_in(self.bn(x))).relu()))


class Plain(nn.Module):
    def __init__(self, joints: int) -> None:
        super().__init__()
        self.data_bn = nn.BatchNorm1d(2 * 3 * joints)
        for number, (before, after, stride) in enumerate(plan(), 1):
            unit = Unit(Gcn(before, after, joints), Tcn(after, stride), before, after, stride)
            self.add_module(f"l{number}", unit)

    def forward(self, data: Tensor) -> Tensor:
        x = normalize(self.data_bn, data)
        for number in range(len(WIDTHS)):
            x = self.get_submodule(f"l{number + 1}")(x)
        return x


def test_official_weights_give_the_same_map() -> None:
    check_same_map(randomize(Plain(25)), ShiftGcn(layout="ntu25", widths=WIDTHS), 25)
