"""ST-GCN encoder."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    Stage,
    UnitGcn,
    plan_stages,
    stage_block,
    unit_tcn,
)
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class StGcn(GraphEncoder):
    """ST-GCN (Yan et al. 2018, Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition).

    As published and in mmaction2: a factor is learned for each edge, graph convolutions have no residual, and all
    persons share one norm of the input.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16.
        dropout: dropout probability of every stage but the first, 0–1.
        partition: name of the graph's partition in ``triad.modalities.skeleton.graph.PARTITIONS``.

    Shapes and errors are those of :class:`GraphEncoder`.
    """

    def __init__(
        self,
        *,
        layout: str,
        in_channels: int = 3,
        widths: Sequence[int] = PUBLISHED_WIDTHS,
        dropout: float = 0.0,
        partition: str = "released_stgcn",
    ) -> None:
        adjacency = dense_adjacency(to_data(get_layout(layout), partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = UnitGcn(stage.in_channels, width, adjacency, importance=True, residual=False)
            temporal = unit_tcn(width, stride=stage.stride, dropout=stage.dropout)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths, dropout=dropout)
        super().__init__(layout=layout, stages=stages, block=block)
