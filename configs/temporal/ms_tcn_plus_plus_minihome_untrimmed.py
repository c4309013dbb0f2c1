"""MS-TCN++ (Li et al. 2020) over early-fused features on MiniHome untrimmed, with a sigmoid between the stages.

    triad train configs/temporal/ms_tcn_plus_plus_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 70.3 (62.4-76.2), event mAP 64.3; 10 minutes beside other work.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import MsTcnPlusPlus, MsTcnRefinement

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=MsTcnPlusPlus, in_channels=640)
streams.features_rgb = model.streams.features_rgb = features_rgb
model.update(refinement=dict(type=MsTcnRefinement), smoothing=0.15)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
