"""Layers that skeleton encoders share: convolutions over joints and over time, normalisation, and their stages.

Maps are ``[N, C, T, V]`` with one person a row, channels last in memory.
"""

from triad.modalities.skeleton.encoders.layers.adaptive_gcn import AdaptiveGcn
from triad.modalities.skeleton.encoders.layers.branched_tcn import BranchedTcn, branched_tcn, multi_scale_tcn
from triad.modalities.skeleton.encoders.layers.channel_gcn import ChannelGcn
from triad.modalities.skeleton.encoders.layers.data_norm import DataNorm
from triad.modalities.skeleton.encoders.layers.graph_encoder import (
    PUBLISHED_WIDTHS,
    GraphEncoder,
    Stage,
    plan_stages,
    stage_block,
)
from triad.modalities.skeleton.encoders.layers.shift import TemporalShift, shift_joints, shift_times
from triad.modalities.skeleton.encoders.layers.single_sample_batch_norm import SingleSampleBatchNorm1d
from triad.modalities.skeleton.encoders.layers.skeleton_input import check_skeletons, joints_of_all_persons
from triad.modalities.skeleton.encoders.layers.stc_attention import StcAttention
from triad.modalities.skeleton.encoders.layers.stgcn_block import StGcnBlock, strided_shortcut
from triad.modalities.skeleton.encoders.layers.unit_gcn import UnitGcn, gather_product, graph_product, residual_shortcut
from triad.modalities.skeleton.encoders.layers.unit_tcn import temporal_conv, unit_tcn

__all__ = [
    "PUBLISHED_WIDTHS",
    "AdaptiveGcn",
    "BranchedTcn",
    "ChannelGcn",
    "DataNorm",
    "GraphEncoder",
    "SingleSampleBatchNorm1d",
    "StGcnBlock",
    "Stage",
    "StcAttention",
    "TemporalShift",
    "UnitGcn",
    "branched_tcn",
    "check_skeletons",
    "gather_product",
    "graph_product",
    "joints_of_all_persons",
    "multi_scale_tcn",
    "plan_stages",
    "residual_shortcut",
    "shift_joints",
    "shift_times",
    "stage_block",
    "strided_shortcut",
    "temporal_conv",
    "unit_tcn",
]
