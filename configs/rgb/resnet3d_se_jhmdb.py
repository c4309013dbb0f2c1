"""Squeeze-and-excitation (Hu et al. 2018) in every residual block of our ResNet: each frame weighs its channels.

Starts from ImageNet weights as ``resnet3d_jhmdb.py`` does; the new layers are not in the file. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import SqueezeExcitation

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(attention={f"layer{stage}": dict(type=SqueezeExcitation) for stage in (1, 2, 3, 4)})
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
