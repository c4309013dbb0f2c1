"""Residual frames (Tao et al. 2020, Rethinking Motion Representation): the small R(2+1)D on 15 differences of frames.

The paper's two paths are late fusion, ``fuse --method mean``, of its scores and those of an image network, such as
``tsn_efficientnet_lite0_jhmdb.py``. From scratch on two cores; not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ResidualFrames, SmallR2Plus1d

with read_base():
    from .r2plus1d_small_jhmdb import *

rgb.encoder = dict(type=ResidualFrames, in_channels=3, trunk=dict(type=SmallR2Plus1d))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
