"""2s-AGCN encoder, one of its two streams."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    AdaptiveGcn,
    GraphEncoder,
    Stage,
    plan_stages,
    stage_block,
    unit_tcn,
)
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class TwoStreamAgcn(GraphEncoder):
    """One stream of 2s-AGCN (Shi et al. 2019, Two-Stream Adaptive Graph Convolutional Networks).

    The other stream is a second network of this class on bones; their scores are added.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16.
        dropout: dropout probability of every stage but the first, 0–1.
        partition: name of the graph's partition in ``triad.modalities.skeleton.graph.PARTITIONS``.
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
        person_norms: int = 2,
    ) -> None:
        adjacency = dense_adjacency(to_data(get_layout(layout), partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            spatial = AdaptiveGcn(stage.in_channels, width, adjacency, gated=False)
            temporal = unit_tcn(width, stride=stage.stride, dropout=stage.dropout)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths, dropout=dropout)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)
