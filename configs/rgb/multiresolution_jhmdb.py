"""Fovea and context of 8 frames, 178² as published (Karpathy et al. 2014, Large-scale Video Classification).

Not trained here."""

from mmengine.config import read_base

from modalities.video_encoders import Multiresolution

with read_base():
    from .single_frame_jhmdb import *

rgb.reader.update(frame_size=(180, 240))
rgb.transform.update(size=(178, 178))
rgb.encoder = dict(type=Multiresolution, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
