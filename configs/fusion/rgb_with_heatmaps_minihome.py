"""RGB with heat maps of the measured joints (Duan et al. 2022) as sixteen further channels, on MiniHome.

One small R(2+1)D reads all nineteen. Not trained here."""

from mmengine.config import read_base

from triad.fusion.transforms import RgbWithHeatmaps
from triad.modalities.skeleton.encoders import RawJoints

with read_base():
    from .._base_.rgb_and_skeleton_minihome import *

rgb.transform.update(type=RgbWithHeatmaps, pose="skeleton", layout="minihome16", frame_size=(120, 160), sigma=1.5)
rgb.encoder.update(in_channels=19)
skeleton.encoder = dict(type=RawJoints, in_channels=3)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(heads=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=8)
