"""PDAN (Dai et al. 2021) over early-fused features on MiniHome untrimmed, narrower than published."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Pdan

with read_base():
    from .._base_.early_features_minihome_untrimmed import *

features_rgb.encoder = dict(type=Pdan, in_channels=640, channels=128)
streams.features_rgb = model.streams.features_rgb = features_rgb
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
