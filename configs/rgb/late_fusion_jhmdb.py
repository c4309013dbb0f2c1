"""Late fusion of two frames in the first full layer (Karpathy et al. 2014), frames of 84×112. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import LateFusion

with read_base():
    from .single_frame_jhmdb import *

rgb.encoder = dict(type=LateFusion, in_channels=3, num_frames=2)
rgb.num_frames = 2
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
