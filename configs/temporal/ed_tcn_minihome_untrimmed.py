"""Encoder–decoder TCN (Lea et al. 2017) over early-fused features on MiniHome untrimmed: kernels of 25 steps, 10 s."""

from mmengine.config import read_base

from triad.modalities.video_encoders import EdTcn

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=EdTcn, in_channels=640)
streams.features_rgb = model.streams.features_rgb = features_rgb
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
