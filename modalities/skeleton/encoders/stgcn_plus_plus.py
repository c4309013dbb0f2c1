"""ST-GCN++."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from modalities.checks import check_shape, fail
from modalities.encoder import Encoder
from modalities.registry import MODELS
from modalities.skeleton.encoders.mstcn import MultiScaleTcn
from modalities.skeleton.encoders.persons import over_persons
from modalities.skeleton.encoders.stgcn_block import StGcnBlock, shortcut
from modalities.skeleton.encoders.unit_gcn import UnitGcn
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class StGcnPlusPlus(Encoder):
    """ST-GCN++ (Duan et al. 2022, PYSKL: Towards Good Practices for Skeleton Action Recognition).

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        base_channels: channels of the first stage; doubled at each of ``inflate_stages``.
        num_stages: number of stages.
        inflate_stages, down_stages: stages (counted from 1) that double the channels, and that halve the times.
        dropout: after every stage but the first, 0–1.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', ⌈T / stride⌉, V]``;
    persons who are never there are zeros in the map.

    Raises:
        InputError: for an unknown layout, or when data does not have its joints.
    """

    output_axes = "BMCTV"

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        base_channels: int = 64,
        num_stages: int = 10,
        inflate_stages: Sequence[int] = (5, 8),
        down_stages: Sequence[int] = (5, 8),
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if base_channels < 16:  # below, the backward of a strided 1×1 convolution crashes: uxlfoundation/oneDNN#6035
            fail("StGcnPlusPlus.base_channels", "be at least 16", base_channels)
        self.layout = get_layout(layout)
        adjacency = dense_adjacency(to_data(self.layout))
        self.in_channels = in_channels
        self.data_norm = nn.BatchNorm1d(self.layout.num_joints * in_channels)
        blocks, width, stride = [], in_channels, 1
        out_width = base_channels
        for stage in range(1, num_stages + 1):
            out_width *= 2 if stage in inflate_stages else 1
            step = 2 if stage in down_stages else 1
            temporal = MultiScaleTcn(out_width, out_width, stride=step, dropout=dropout if stage > 1 else 0.0)
            residual = shortcut(width, out_width, step) if stage > 1 else None
            blocks.append(StGcnBlock(UnitGcn(width, out_width, adjacency), temporal, residual))
            width, stride = out_width, stride * step
        self.blocks = nn.ModuleList(blocks)
        self.out_channels, self.stride = width, stride

    @property
    def stages(self) -> Sequence[nn.Module]:
        return list(self.blocks)

    def forward(self, data: Tensor, valid: Tensor) -> dict[str, Tensor]:
        name = f"skeleton data of layout '{self.layout.name}'"
        sizes = check_shape(name, data, ["B", "M", "C", "T", "V"], C=self.in_channels, V=self.layout.num_joints)
        check_shape("skeleton mask", valid, ["B", "M", "T"], **sizes)
        return {"map": over_persons(self._encode, data, valid)}

    def _encode(self, x: Tensor) -> Tensor:
        n, channels, times, joints = x.shape
        x = x.permute(0, 3, 1, 2).reshape(n, joints * channels, times)  # each coordinate of each joint has its norm
        x = self.data_norm(x).view(n, joints, channels, times).permute(0, 2, 3, 1)  # [N, C, T, V]
        x = x.contiguous(memory_format=torch.channels_last)
        for block in self.blocks:
            x = block(x)
        return x
