"""RGBPose-Conv3D (Duan et al. 2022) on MiniHome at half the published side. Not trained here: it needs a GPU."""

from mmengine.config import read_base

from triad.fusion.models import RgbPoseConv3d
from triad.modalities.video_encoders import RgbPosePathway

with read_base():
    from .._base_.rgb_and_heatmaps_minihome import *

rgb.transform.update(size=(96, 128))
rgb.encoder = dict(type=RgbPosePathway, pathway="rgb")
skeleton.transform.update(size=(24, 32), sigma=0.5)
skeleton.encoder = dict(type=RgbPosePathway, pathway="pose", in_channels=16)
skeleton.num_frames = 32
model.update(paired=dict(type=RgbPoseConv3d, rgb="rgb", pose="skeleton"), temporal_bins=1)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
