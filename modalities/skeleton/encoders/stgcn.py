"""ST-GCN."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from modalities.registry import MODELS
from modalities.skeleton.encoders.graph_encoder import GraphEncoder, Stage, plan_stages, stage_block
from modalities.skeleton.encoders.unit_gcn import UnitGcn
from modalities.skeleton.encoders.unit_tcn import unit_tcn
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class StGcn(GraphEncoder):
    """ST-GCN (Yan et al. 2018, Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition).

    As published and in mmaction2: the edges of the graph are weighed, nothing goes around the graph convolution, and
    all persons share one norm of the input.

    Args:
        layout: name of the joint layout; ``ntu25_agcn`` has the authors' hands, ``ntu25`` mmaction2's.
        in_channels: coordinates (and score) of a joint.
        base_channels: channels of the first stage; doubled at each of ``inflate_stages``.
        num_stages: number of stages.
        inflate_stages, down_stages: stages (counted from 1) that double the channels, and that halve the times.
        dropout: after every stage but the first, 0–1.
        partition: name in ``modalities.skeleton.graph.PARTITIONS``.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', ⌈T / stride⌉, V]``;
    persons who are never there are zeros in the map.

    Raises:
        InputError: for an unknown layout or partition, fewer than 16 base channels, or when data does not have the
            layout's joints.
    """

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
        partition: str = "released_stgcn",
    ) -> None:
        joints = get_layout(layout)
        adjacency = dense_adjacency(to_data(joints, partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = UnitGcn(stage.in_channels, width, adjacency, importance=True, residual=False)
            temporal = unit_tcn(width, stride=stage.stride, dropout=0.0 if stage.first else dropout)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, base_channels, num_stages, inflate_stages, down_stages)
        super().__init__(layout=joints, stages=stages, block=block)
