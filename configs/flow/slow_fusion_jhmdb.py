"""Slow fusion of 10 DIS fields in three convolutions (Karpathy et al. 2014). Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import SlowFusion

with read_base():
    from .early_fusion_jhmdb import *

flow.encoder = dict(type=SlowFusion, in_channels=2)
flow.num_frames = 10
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
