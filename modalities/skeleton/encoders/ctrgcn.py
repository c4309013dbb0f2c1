"""CTR-GCN."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from modalities.registry import MODELS
from modalities.skeleton.encoders.layers.branched_tcn import branched_tcn
from modalities.skeleton.encoders.layers.channel_gcn import ChannelGcn
from modalities.skeleton.encoders.layers.graph_encoder import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    Stage,
    plan_stages,
    stage_block,
)
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class CtrGcn(GraphEncoder):
    """CTR-GCN (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution for Action Recognition).

    Args:
        temporal_relu: a ReLU after each convolution over time, as in pyskl and mmaction2 and not by the authors.
        others: see ``GraphEncoder`` and ``plan_stages``; there are shapes and errors, too.
    """

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        widths: Sequence[int] = PUBLISHED_WIDTHS,
        dropout: float = 0.0,
        partition: str = "spatial",
        temporal_relu: bool = False,
        person_norms: int = 2,
    ) -> None:
        adjacency = dense_adjacency(to_data(get_layout(layout), partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = ChannelGcn(stage.in_channels, width, adjacency)
            temporal = nn.Sequential(
                branched_tcn(width, width, kernel=5, dilations=(1, 2), stride=stage.stride),
                nn.ReLU(inplace=True) if temporal_relu else nn.Identity(),
                nn.Dropout(stage.dropout),
            )
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths, dropout=dropout)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)
