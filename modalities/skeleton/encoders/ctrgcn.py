"""CTR-GCN."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from modalities.registry import MODELS
from modalities.skeleton.encoders.branched_tcn import BranchedTcn
from modalities.skeleton.encoders.channel_gcn import ChannelGcn
from modalities.skeleton.encoders.graph_encoder import GraphEncoder, Stage, plan_stages, stage_block
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class CtrGcn(GraphEncoder):
    """CTR-GCN (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution for Action Recognition).

    Args:
        layout: name of the joint layout; ``ntu25_agcn`` has the authors' hands.
        in_channels: coordinates (and score) of a joint.
        base_channels: channels of the first stage; doubled at each of ``inflate_stages``.
        num_stages: number of stages.
        inflate_stages, down_stages: stages (counted from 1) that double the channels, and that halve the times.
        dropout: after every stage but the first, 0–1.
        partition: name in ``modalities.skeleton.graph.PARTITIONS``.
        temporal_relu: a ReLU after each convolution over time, as in pyskl and mmaction2 and not by the authors.
        person_norms: how many persons have a norm of the input of their own, the authors' way; 1: one for all.

    Shapes: ``data`` ``[B, M, C, T, V]``, ``valid`` bool ``[B, M, T]`` -> ``map`` ``[B, M, C', ⌈T / stride⌉, V]``;
    persons who are never there are zeros in the map.

    Raises:
        InputError: for an unknown layout or partition, fewer than 16 base channels, or when data does not have the
            layout's joints or has more persons than ``person_norms``.
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
        partition: str = "spatial",
        temporal_relu: bool = False,
        person_norms: int = 2,
    ) -> None:
        joints = get_layout(layout)
        adjacency = dense_adjacency(to_data(joints, partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = ChannelGcn(stage.in_channels, width, adjacency)
            temporal = nn.Sequential(
                BranchedTcn(width, width, kernel=5, dilations=(1, 2), stride=stage.stride),
                nn.ReLU(inplace=True) if temporal_relu else nn.Identity(),
                nn.Dropout(0.0 if stage.first else dropout),
            )
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, base_channels, num_stages, inflate_stages, down_stages)
        super().__init__(layout=joints, stages=stages, block=block, person_norms=person_norms)
