"""Slow fusion of 10 frames in three convolutions (Karpathy et al. 2014), frames of 84×112. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import SlowFusion

with read_base():
    from .single_frame_jhmdb import *

rgb.encoder = dict(type=SlowFusion, in_channels=3)
rgb.num_frames = 10
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
