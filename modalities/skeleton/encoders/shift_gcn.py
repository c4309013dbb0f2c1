"""Shift-GCN encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    SingleSampleBatchNorm1d,
    Stage,
    TemporalShift,
    plan_stages,
    shift_joints,
    stage_block,
    strided_shortcut,
)
from triad.modalities.skeleton.layouts import get_layout


class ShiftSpatial(nn.Module):
    """Layer that mixes joints by shifts: shift, mask, linear layer, inverse shift, and a residual.

    ``y = relu(bn(shift⁻¹(W (shift(x) · (1 + tanh m)) + b)) + residual(x))``; the mask ``m`` and the normalisation have
    a value for each channel of each joint.

    Args:
        in_channels: channels ``C`` of the input.
        out_channels: channels ``C'`` of the output.
        joints: number of joints ``V``.

    Shapes: ``[N, C, T, V]`` -> ``[N, C', T, V]``.
    """

    def __init__(self, in_channels: int, out_channels: int, joints: int) -> None:
        super().__init__()
        self.mask = nn.Parameter(torch.zeros(joints, in_channels))
        self.linear = nn.Linear(in_channels, out_channels)
        nn.init.normal_(self.linear.weight, std=out_channels**-0.5)
        nn.init.zeros_(self.linear.bias)
        self.norm = SingleSampleBatchNorm1d(joints * out_channels)
        self.residual: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.residual = strided_shortcut(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        y = shift_joints(x.permute(0, 2, 3, 1).reshape(n * times, joints, channels))  # [N·T, V, C]
        y = shift_joints(self.linear(y * (self.mask.tanh() + 1)), back=True)
        y = self.norm(y.flatten(1)).view(n, times, joints, -1).permute(0, 3, 1, 2)
        return F.relu(y + self.residual(x), inplace=True)


class ShiftTemporal(nn.Module):
    """Layer that mixes times by two learned shifts with a 1×1 convolution and its activation between them.

    Args:
        channels: channels ``C`` of input and output.
        stride: step in time.
        reach: largest shift, in times.
        step: size of a shift's gradient; see ``TemporalShift``.

    Shapes: ``[N, C, T, V]`` -> ``[N, C, ⌈T / stride⌉, V]``.
    """

    def __init__(self, channels: int, *, stride: int, reach: int, step: float | None) -> None:
        super().__init__()
        self.norm_in = nn.BatchNorm2d(channels)
        self.shift_in = TemporalShift(channels, reach=reach, step=step)
        self.conv = nn.Conv2d(channels, channels, 1)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        self.shift_out = TemporalShift(channels, stride=stride, reach=reach, step=step)
        self.norm_out = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv(self.shift_in(self.norm_in(x))), inplace=True)
        return self.norm_out(self.shift_out(x))


@MODELS.register_module()
class ShiftGcn(GraphEncoder):
    """Shift-GCN (Cheng et al. 2020, Skeleton-Based Action Recognition with Shift Graph Convolutional Network).

    The tree of the joints is not used: every joint receives channels of every other.

    The published code counts 757,182 parameters for NTU60. 64,075 of them are the tables of the spatial shift, which
    are computed here; of the 693,107 trainable ones, 2,816 are shifts across joints that the code keeps at zero and
    that are left out here. The remaining number is equal.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16.
        reach: largest shift in time, in times of its stage.
        step: size of a temporal shift's gradient; see ``TemporalShift``.
        person_norms: number of persons with an input norm of their own; 1 for one norm for all.

    Shapes and errors are those of :class:`GraphEncoder`.
    """

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        widths: Sequence[int] = PUBLISHED_WIDTHS,
        reach: int = 4,
        step: float | None = 0.01,
        person_norms: int = 2,
    ) -> None:
        skeleton = get_layout(layout)

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = ShiftSpatial(stage.in_channels, width, skeleton.num_joints)
            temporal = ShiftTemporal(width, stride=stage.stride, reach=reach, step=step)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)
