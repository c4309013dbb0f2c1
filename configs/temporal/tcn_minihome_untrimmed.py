"""Causal TCN (Bai et al. 2018) over early-fused features on MiniHome untrimmed: a step sees 63 steps, 25 s, back.

    triad train configs/temporal/tcn_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 77.2 (71.3-84.3), event mAP 73.0; half a minute.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Tcn

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(
    type=Tcn, in_channels=640, widths=(64,) * 5, kernel_size=3, convs_per_level=1, dropout=0.5, pooling="mean"
)
streams.features_rgb = model.streams.features_rgb = features_rgb
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
