"""Fovea and context of 8 frames, 178² as published (Karpathy et al. 2014, Large-scale Video Classification).

Squares of the frame, not squeezed. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Multiresolution

with read_base():
    from .._base_.square_crops import *
    from .single_frame_jhmdb import *

train_dataloader.dataset.augmentation.update(aspect=1.0)
val_dataloader.dataset.crop_views = test_dataloader.dataset.crop_views = crop_views
rgb.reader.update(frame_size=(203, 271), crop_mode="center")
rgb.transform.update(size=(178, 178))
rgb.encoder = dict(type=Multiresolution, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
