"""AAGCN, the attention-enhanced successor of 2s-AGCN."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from modalities.registry import MODELS
from modalities.skeleton.encoders.layers.adaptive_gcn import AdaptiveGcn
from modalities.skeleton.encoders.layers.graph_encoder import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    Stage,
    plan_stages,
    stage_block,
)
from modalities.skeleton.encoders.layers.stc_attention import StcAttention
from modalities.skeleton.encoders.layers.unit_tcn import unit_tcn
from modalities.skeleton.graph import dense_adjacency, to_data
from modalities.skeleton.layouts import get_layout


@MODELS.register_module()
class Aagcn(GraphEncoder):
    """AAGCN, one stream of MS-AAGCN (Shi et al. 2020, Multi-Stream Adaptive Graph Convolutional Networks).

    Without attention it is what mmaction2 and pyskl call 2s-AGCN: unlike the authors' (``TwoStreamAgcn``), the graph
    itself is learned, and its change by the clip is a gated tanh.

    Args:
        attention: over joints, times and channels after each graph convolution.
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
