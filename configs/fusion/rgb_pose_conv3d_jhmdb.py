"""RGBPose-Conv3D (Duan et al. 2022) on J-HMDB: two pathways that exchange maps between their stages.

35.9 million parameters in the networks. mmaction2's file of NTU RGB+D 60 serves pathways and connections alike:
``--cfg-options model.paired.weights=F.pth streams.rgb.encoder.weights=F.pth streams.skeleton.encoder.weights=F.pth``,
whose 17 heat maps are averaged into those of J-HMDB's joints. Not trained here: it needs a GPU."""

from mmengine.config import read_base

from triad.fusion.models import RgbPoseConv3d

with read_base():
    from .._base_.rgb_and_heatmaps_jhmdb import *

model.update(paired=dict(type=RgbPoseConv3d, rgb="rgb", pose="skeleton", weights=None))
