"""Networks over skeletons, one file each; ``layers`` holds the layers that they share.

All have the interface of ``modalities.encoder``. ``modalities.weights`` loads what their authors, mmaction2
and pyskl have published.
"""

from modalities.skeleton.encoders.aagcn import Aagcn
from modalities.skeleton.encoders.agcn import TwoStreamAgcn
from modalities.skeleton.encoders.ctrgcn import CtrGcn
from modalities.skeleton.encoders.hyperformer import Hyperformer
from modalities.skeleton.encoders.lstm import SkeletonLstm
from modalities.skeleton.encoders.ms_g3d import MsG3d
from modalities.skeleton.encoders.raw_joints import RawJoints
from modalities.skeleton.encoders.sgn import Sgn
from modalities.skeleton.encoders.shift_gcn import ShiftGcn
from modalities.skeleton.encoders.sta_lstm import StaLstm
from modalities.skeleton.encoders.stgcn import StGcn
from modalities.skeleton.encoders.stgcn_plus_plus import StGcnPlusPlus
from modalities.skeleton.encoders.vpn_pose import VpnPose

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
