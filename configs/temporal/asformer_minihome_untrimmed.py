"""ASFormer (Yi et al. 2021) over early-fused features on MiniHome untrimmed, with a sigmoid between the stages.

    triad train configs/temporal/asformer_minihome_untrimmed.py --data work_dirs/untrimmed/data

Frame mAP 71.8 (63.3-77.7), event mAP 66.0; 19 minutes of one thread beside five others.
Seed 0, 2026-11-27; features and tests as in the README, "Labels over time"."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Asformer, AsformerDecoders

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=Asformer, in_channels=640)
streams.features_rgb = model.streams.features_rgb = features_rgb
model.update(refinement=dict(type=AsformerDecoders), smoothing=0.15)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
