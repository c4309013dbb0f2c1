"""Single-frame network (Karpathy et al. 2014, Large-scale Video Classification), averaged over 8 frames.

From scratch on frames of 84×112, 170² in the paper. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import SingleFrame

with read_base():
    from .r2plus1d_small_jhmdb import *

rgb.encoder = dict(type=SingleFrame, in_channels=3)
rgb.num_frames = 8
streams = dict(rgb=rgb)
model.update(streams=streams, temporal_bins=1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
