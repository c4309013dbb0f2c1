"""RGB and heat maps of the measured joints' pixels on MiniHome, which show the same place, through small networks."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import HeatmapTransform
from triad.modalities.video_encoders import SmallR2Plus1d

with read_base():
    from .three_streams_minihome import *

maps = dict(type=HeatmapTransform, layout="minihome16", frame_size=(120, 160), size=(42, 56), padding=None)
skeleton.transform = dict(from_pixels=True, **maps)
skeleton.encoder = dict(type=SmallR2Plus1d, in_channels=16)
skeleton.num_frames = 16
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.pretrained = dict(rgb=None, skeleton=None)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.augmentation.update(rotate=0.0)
