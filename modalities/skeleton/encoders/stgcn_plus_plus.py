"""ST-GCN++ encoder."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    Stage,
    UnitGcn,
    multi_scale_tcn,
    plan_stages,
    stage_block,
)
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class StGcnPlusPlus(GraphEncoder):
    """ST-GCN++ (Duan et al. 2022, PYSKL: Towards Good Practices for Skeleton Action Recognition).

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
        partition: str = "spatial",
    ) -> None:
        adjacency = dense_adjacency(to_data(get_layout(layout), partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = UnitGcn(stage.in_channels, width, adjacency)
            temporal = multi_scale_tcn(width, width, stride=stage.stride, dropout=stage.dropout)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths, dropout=dropout)
        super().__init__(layout=layout, stages=stages, block=block)
