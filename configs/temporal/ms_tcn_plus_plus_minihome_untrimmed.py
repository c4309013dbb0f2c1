"""MS-TCN++ (Li et al. 2020) over early-fused features on MiniHome untrimmed, with a sigmoid between the stages."""

from mmengine.config import read_base

from triad.modalities.video_encoders import MsTcnPlusPlus, MsTcnRefinement

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=MsTcnPlusPlus, in_channels=640)
streams.features_rgb = model.streams.features_rgb = features_rgb
model.update(refinement=dict(type=MsTcnRefinement), smoothing=0.15)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
