"""Networks over skeletons, one file each; ``layers`` holds the layers that they share.

All have the interface of ``triad.modalities.encoder``. ``triad.modalities.weights`` loads what their authors, mmaction2
and pyskl have published.
"""

from triad.modalities.skeleton.encoders.aagcn import Aagcn
from triad.modalities.skeleton.encoders.agcn import TwoStreamAgcn
from triad.modalities.skeleton.encoders.ctrgcn import CtrGcn
from triad.modalities.skeleton.encoders.hyperformer import Hyperformer
from triad.modalities.skeleton.encoders.lstm import SkeletonLstm
from triad.modalities.skeleton.encoders.ms_g3d import MsG3d
from triad.modalities.skeleton.encoders.raw_joints import RawJoints
from triad.modalities.skeleton.encoders.sgn import Sgn
from triad.modalities.skeleton.encoders.shift_gcn import ShiftGcn
from triad.modalities.skeleton.encoders.sta_lstm import StaLstm
from triad.modalities.skeleton.encoders.stgcn import StGcn
from triad.modalities.skeleton.encoders.stgcn_plus_plus import StGcnPlusPlus
from triad.modalities.skeleton.encoders.vpn_pose import VpnPose

__all__ = [
    "Aagcn",
    "CtrGcn",
    "Hyperformer",
    "MsG3d",
    "RawJoints",
    "Sgn",
    "ShiftGcn",
    "SkeletonLstm",
    "StGcn",
    "StGcnPlusPlus",
    "StaLstm",
    "TwoStreamAgcn",
    "VpnPose",
]
