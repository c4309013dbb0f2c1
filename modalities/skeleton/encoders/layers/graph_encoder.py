"""Base of all graph networks over skeletons: their stages as numbers, and the forward pass through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

from triad.modalities.checks import fail
from triad.modalities.encoder import Encoder, EncoderOutput
from triad.modalities.skeleton.encoders.layers.data_norm import DataNorm
from triad.modalities.skeleton.encoders.layers.skeleton_input import check_skeletons
from triad.modalities.skeleton.encoders.layers.stgcn_block import StGcnBlock, strided_shortcut
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.present_persons import map_present_persons, present_persons

PUBLISHED_WIDTHS = (64,) * 4 + (128,) * 3 + (256,) * 3
"""Channels of the ten stages of ST-GCN and its successors."""


class Stage(NamedTuple):
    """Numbers of one stage: channels, step in time, dropout probability, and True for the first stage."""

    in_channels: int
    out_channels: int
    stride: int
    dropout: float
    first: bool


def plan_stages(
    in_channels: int, widths: Sequence[int], *, halve: Sequence[int] | None = None, dropout: float = 0.0
) -> list[Stage]:
    """Return the numbers of all stages of a network.

    Args:
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16: below, oneDNN's backward of a strided 1×1 convolution crashes
            (uxlfoundation/oneDNN#6035).
        halve: numbers of the stages, from 1, that halve the times; None for every stage wider than its predecessor.
        dropout: dropout probability of every stage but the first, 0–1.

    Raises:
        InputError: without a stage, or for fewer than 16 channels.
    """
    if not widths or min(widths) < 16:
        fail("widths of the stages", "be at least 16 each", list(widths))
    if halve is None:
        halve = [stage for stage, (before, after) in enumerate(pairwise(widths), 2) if after > before]
    return [
        Stage(before, after, 2 if stage in halve else 1, dropout if stage > 1 else 0.0, stage == 1)
        for stage, (before, after) in enumerate(zip((in_channels, *widths[:-1]), widths, strict=True), 1)
    ]


def stage_block(stage: Stage, spatial: nn.Module, temporal: nn.Module) -> StGcnBlock:
    """Return the block of a stage; the first stage has no residual."""
    residual = None if stage.first else strided_shortcut(stage.in_channels, stage.out_channels, stage.stride)
    return StGcnBlock(spatial, temporal, residual)


class GraphEncoder(Encoder):
    """Encoder of blocks over ``[N, C, T, V]``, one person a row.

    Args:
        layout: name of the joint layout; for the hands of 2s-AGCN and its successors ``ntu25_agcn``.
        stages: numbers of the stages from :func:`plan_stages`.
        block: function that builds the module of a stage. Where the module has a graph, the encoders' argument
            ``partition`` (a name in ``triad.modalities.skeleton.graph.PARTITIONS``) chooses it.
        person_norms: number of persons with an input norm of their own, as published; 1 for one norm for all.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', ⌈T / stride⌉, V]``;
    absent persons are zeros in the map.

    Raises:
        InputError: for an unknown layout or partition, and widths below 16; on use, if data does not have the
            layout's joints, or has more persons than ``person_norms``.
    """

    output_axes = "BMCTV"
    takes_persons = True

    def __init__(
        self,
        *,
        layout: str,
        stages: Sequence[Stage],
        block: Callable[[Stage], nn.Module],
        person_norms: int = 1,
    ) -> None:
        super().__init__()
        self.layout = get_layout(layout)
        self.in_channels = stages[0].in_channels
        self.out_channels = stages[-1].out_channels
        self.data_norm = DataNorm(self.layout.num_joints, self.in_channels, person_norms=person_norms)
        self.blocks = nn.ModuleList(block(stage) for stage in stages)
        self.blocks.to(memory_format=torch.channels_last)  # as their gradients, which are then not copied

    def forward(self, data: Tensor, valid: Tensor, persons: Tensor | None = None) -> EncoderOutput:
        check_skeletons(data, valid, layout=self.layout, in_channels=self.in_channels)
        if self.data_norm.axes[0] == 1:
            return EncoderOutput(map_present_persons(self._normalise_and_encode, data, valid, persons))
        normalised = self.data_norm(data, present_persons(valid))
        return EncoderOutput(map_present_persons(self._encode, normalised, valid, persons))

    def _normalise_and_encode(self, x: Tensor) -> Tensor:
        return self._encode(self.data_norm.normalise_persons(x))

    def _encode(self, x: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        for block in self.blocks:
            x = block(x)
        return x
