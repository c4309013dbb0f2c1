"""Multi-head self-attention (Vaswani et al. 2017) over places and times, after the last stage of our ResNet.

As in BoTNet and VTN, attention reads the last convolutions. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import SelfAttention3d

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(attention=dict(layer4=dict(type=SelfAttention3d)), attention_after=dict(layer4=(1,)))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
