"""Compact generalised non-local block (Yue et al. 2018, CGNL) before the last block of the third stage of our ResNet.

Channels are related as well as places and times, in 8 groups. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import Cgnl

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(attention=dict(layer3=dict(type=Cgnl, groups=8)), attention_after=dict(layer3=(0,)))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
