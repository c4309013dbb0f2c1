"""AAGCN encoder, the attention-enhanced successor of 2s-AGCN."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from triad.modalities.registry import MODELS
from triad.modalities.skeleton.encoders.layers import (
    PUBLISHED_WIDTHS,
    AdaptiveGcn,
    GraphEncoder,
    Stage,
    StcAttention,
    plan_stages,
    stage_block,
    unit_tcn,
)
from triad.modalities.skeleton.graph import dense_adjacency, to_data
from triad.modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class Aagcn(GraphEncoder):
    """AAGCN, one stream of MS-AAGCN (Shi et al. 2020, Multi-Stream Adaptive Graph Convolutional Networks).

    Without attention it is the network that mmaction2 and pyskl call 2s-AGCN: unlike in the authors'
    (``TwoStreamAgcn``), the adjacency itself is learned, and its change by the clip is a gated tanh.

    Args:
        layout: name of the joint layout.
        in_channels: coordinates (and score) of a joint.
        widths: channels of each stage, at least 16.
        dropout: dropout probability of every stage but the first, 0–1.
        partition: name of the graph's partition in ``triad.modalities.skeleton.graph.PARTITIONS``.
        attention: True for attention over joints, times and channels after each graph convolution.
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
        attention: bool = True,
        person_norms: int = 2,
    ) -> None:
        adjacency = dense_adjacency(to_data(get_layout(layout), partition))

        def block(stage: Stage) -> nn.Module:
            width = stage.out_channels
            gcn = AdaptiveGcn(stage.in_channels, width, adjacency, gated=True)
            spatial = nn.Sequential(gcn, StcAttention(width, adjacency.shape[-1]) if attention else nn.Identity())
            temporal = unit_tcn(width, stride=stage.stride, dropout=stage.dropout)
            return stage_block(stage, spatial, temporal)

        stages = plan_stages(in_channels, widths, dropout=dropout)
        super().__init__(layout=layout, stages=stages, block=block, person_norms=person_norms)
