"""Paired encoders: two networks that run in turn, stage by stage, and exchange maps between their stages.

Each stream keeps its encoder (:class:`triad.modalities.encoder.MapEncoder`); a paired encoder holds the connections
alone.
"""

from triad.fusion.models.paired.lateral_connections import LateralConnections
from triad.fusion.models.paired.paired_encoder import PairedEncoder, StreamInput, encode_pair
from triad.fusion.models.paired.rgb_pose_conv3d import RgbPoseConv3d

__all__ = ["LateralConnections", "PairedEncoder", "RgbPoseConv3d", "StreamInput", "encode_pair"]
