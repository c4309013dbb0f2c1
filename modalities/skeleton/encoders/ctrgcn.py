"""CTR-GCN encoder."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    ChannelGcn,
    GraphEncoder,
    Stage,
    branched_tcn,
    plan_stages,
    stage_block,
)
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class CtrGcn(GraphEncoder):
    """CTR-GCN (Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution for Action Recognition).

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16.
        dropout: dropout probability of every stage but the first, 0–1.
        partition: name of the graph's partition in ``triad.modalities.skeleton.graph.PARTITIONS``.
        temporal_relu: True for a ReLU after each temporal convolution, as in pyskl and mmaction2 (published: none).
        person_norms: number of persons with an input norm of their own; 1 for one norm for all.

    Shapes and errors are those of :class:`GraphEncoder`.
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
