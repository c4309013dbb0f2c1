"""Encoder–decoder TCN (Lea et al. 2017) over early-fused features on MiniHome untrimmed: kernels of 25 steps, 10 s.

    triad train configs/temporal/ed_tcn_minihome_untrimmed.py --data work_dirs/untrimmed/data

It does not learn here: frame mAP 9.4, event mAP 0.1; 3 minutes. Its outputs become the same at all steps.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import EdTcn

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=EdTcn, in_channels=640)
streams.features_rgb = model.streams.features_rgb = features_rgb
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
