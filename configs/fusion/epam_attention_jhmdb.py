"""Attention of EPAM-Net (Abdelkawy et al. 2025) on J-HMDB: 48 heat maps of joints weight X3D-M's map of 16 frames.

The authors' networks have shifts in place of convolutions over time; here they are X3D-M and the pose network of
RGBPose-Conv3D, whose map has the 48 times that theirs has. Not trained here: it needs a GPU."""

from mmengine.config import read_base

from triad.fusion.attention import EpamAttention
from triad.modalities.video_encoders import Mmaction2Video, RgbPosePathway

with read_base():
    from .._base_.rgb_and_heatmaps_jhmdb import *

rgb.transform.update(mean=(114.75, 114.75, 114.75), std=(57.38, 57.38, 57.38))
rgb.encoder = dict(type=Mmaction2Video, backbone="x3d")
rgb.num_frames = 16
skeleton.encoder = dict(type=RgbPosePathway, pathway="pose", in_channels=15, lateral=False)
skeleton.num_frames = 48
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(attention=[dict(type=EpamAttention, video="rgb", pose="skeleton")])
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
