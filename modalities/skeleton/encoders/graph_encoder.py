"""What all graph networks over skeletons share: their stages as numbers, and the way through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from modalities.checks import check_shape, fail
from modalities.encoder import Encoder
from modalities.skeleton.encoders.data_norm import DataNorm
from modalities.skeleton.encoders.persons import over_persons, present_persons
from modalities.skeleton.encoders.stgcn_block import StGcnBlock, shortcut
from modalities.skeleton.layouts import Layout


class Stage(NamedTuple):
    """One stage: channels before and after, step in time, and whether it is the first."""

    in_channels: int
    out_channels: int
    stride: int
    first: bool


def plan_stages(
    in_channels: int, base_channels: int, num_stages: int, inflate_stages: Sequence[int], down_stages: Sequence[int]
) -> list[Stage]:
    """Widths and strides of a network; stages are counted from 1.

    Raises:
        InputError: for fewer than 16 base channels.
    """
    check_base_channels(base_channels)
    stages, width, out_width = [], in_channels, base_channels
    for stage in range(1, num_stages + 1):
        out_width *= 2 if stage in inflate_stages else 1
        stages.append(Stage(width, out_width, 2 if stage in down_stages else 1, stage == 1))
        width = out_width
    return stages


def check_base_channels(base_channels: int) -> None:
    """Refuse widths at which oneDNN's backward of a strided 1×1 convolution crashes (uxlfoundation/oneDNN#6035).

    Raises:
        InputError: for fewer than 16.
    """
    if base_channels < 16:
        fail("base_channels", "be at least 16", base_channels)


def stage_block(stage: Stage, spatial: nn.Module, temporal: nn.Module) -> StGcnBlock:
    """The block of a stage; the first one has no way around."""
    residual = None if stage.first else shortcut(stage.in_channels, stage.out_channels, stage.stride)
    return StGcnBlock(spatial, temporal, residual)


class GraphEncoder(Encoder):
    """Blocks over ``[N, C, T, V]``, one person a row.

    Args:
        layout: the joints.
        stages: what :func:`plan_stages` returned.
        block: makes the module of a stage.
        person_norms: how many persons have a norm of the input of their own; 1: one for all.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', ⌈T / stride⌉, V]``;
    persons who are never there are zeros in the map.

    Raises:
        InputError: when data does not have the layout's joints.
    """

    output_axes = "BMCTV"

    def __init__(
        self, *, layout: Layout, stages: Sequence[Stage], block: Callable[[Stage], nn.Module], person_norms: int = 1
    ) -> None:
        super().__init__()
        self.layout = layout
        self.in_channels, self.out_channels = stages[0].in_channels, stages[-1].out_channels
        self.stride = 1
        for stage in stages:
            self.stride *= stage.stride
        self.data_norm = DataNorm(layout.num_joints, self.in_channels, places=person_norms)
        self.blocks = nn.ModuleList(block(stage) for stage in stages)

    @property
    def stages(self) -> Sequence[nn.Module]:
        return list(self.blocks)

    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]:
        name = f"skeleton data of layout '{self.layout.name}'"
        sizes = check_shape(name, data, ["B", "M", "C", "T", "V"], C=self.in_channels, V=self.layout.num_joints)
        check_shape("skeleton mask", valid, ["B", "M", "T"], **sizes)
        return {"map": over_persons(self._encode, self.data_norm(data, present_persons(valid)), valid)}

    def _encode(self, x: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        for block in self.blocks:
            x = block(x)
        return x
