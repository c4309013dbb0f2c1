"""CorrNet-26 (Wang et al. 2020, Video Modeling with Correlation Networks) on 32 frames of 224².

20.5 million parameters and 130.5 GMACs with 400 classes, counted here; learned correlations of neighbouring frames.
``--cfg-options streams.rgb.encoder.layers=101`` has four of them, 56.2 million and 249 GMACs. No weights are published.
Command: ``triad train configs/rgb/corrnet_jhmdb.py``, which no GPU was at hand for."""

from mmengine.config import read_base

from triad.modalities.video_encoders import CorrNet

with read_base():
    from .i3d_r50_jhmdb import *

rgb.encoder = dict(type=CorrNet, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
