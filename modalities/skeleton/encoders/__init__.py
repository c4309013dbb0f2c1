"""Networks over skeletons, one file each, on shared layers.

Shared are ``graph_encoder`` (stages, the way through them), ``persons``, ``data_norm``, ``lone_batch_norm``,
``stgcn_block``; over joints ``unit_gcn``, ``adaptive_gcn``, ``channel_gcn``; over time ``unit_tcn``, ``branched_tcn``;
both ``shift``.

May import: torch, ``modalities.encoder``, ``modalities.skeleton.graph``, ``body_parts`` and ``layouts``.
"""

from modalities.skeleton.encoders.aagcn import Aagcn
from modalities.skeleton.encoders.agcn import TwoStreamAgcn
from modalities.skeleton.encoders.ctrgcn import CtrGcn
from modalities.skeleton.encoders.hyperformer import Hyperformer
from modalities.skeleton.encoders.lstm import SkeletonLstm
from modalities.skeleton.encoders.ms_g3d import MsG3d
from modalities.skeleton.encoders.openmmlab_weights import from_openmmlab
from modalities.skeleton.encoders.sgn import Sgn
from modalities.skeleton.encoders.shift_gcn import ShiftGcn
from modalities.skeleton.encoders.stgcn import StGcn
from modalities.skeleton.encoders.stgcn_plus_plus import StGcnPlusPlus

__all__ = [
    "Aagcn",
    "CtrGcn",
    "Hyperformer",
    "MsG3d",
    "Sgn",
    "ShiftGcn",
    "SkeletonLstm",
    "StGcn",
    "StGcnPlusPlus",
    "TwoStreamAgcn",
    "from_openmmlab",
]
