"""Pyramid non-local block (Xu et al. 2021, PNL) in our ResNet: regions of several sizes read one another.

The sizes are this project's, since the paper's were not to be had. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import PyramidNonLocal

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(attention=dict(layer3=dict(type=PyramidNonLocal, regions=((1, 1, 1), (1, 2, 2), (2, 4, 4)))))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
