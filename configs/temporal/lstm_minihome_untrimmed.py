"""Bidirectional LSTM (Graves & Schmidhuber 2005) over early-fused features on MiniHome untrimmed.

    triad train configs/temporal/lstm_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 79.5 (72.1-86.1), event mAP 67.2; 1.7 minutes.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import RecurrentNetwork

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=RecurrentNetwork, in_channels=640, cell="lstm", hidden_channels=64, bidirectional=True)
streams.features_rgb = model.streams.features_rgb = features_rgb
model.update(dropout=0.5)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=20, val_interval=5)
