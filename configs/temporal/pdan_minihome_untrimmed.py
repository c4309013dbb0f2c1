"""PDAN (Dai et al. 2021) over early-fused features on MiniHome untrimmed, narrower than published.

    triad train configs/temporal/pdan_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 87.3 (80.4-91.8), event mAP 81.3;
the demo's clip models, sliding: 60.5 and 46.1; 1.5 minutes.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Pdan

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=Pdan, in_channels=640, channels=128)
streams.features_rgb = model.streams.features_rgb = features_rgb
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
