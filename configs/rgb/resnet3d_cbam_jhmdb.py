"""CBAM (Woo et al. 2018) in every residual block of our ResNet: channels, then places of each frame are weighed.

What it weighs are taps, as ``layer4.1.places``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders.layers import Cbam

with read_base():
    from .resnet3d_jhmdb import *

rgb.encoder.update(attention={f"layer{stage}": dict(type=Cbam) for stage in (1, 2, 3, 4)})
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
