"""Early fusion of 10 DIS fields in the first convolution (Karpathy et al. 2014).

9.3 on split 1 after 6 epochs, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import EarlyFusion

with read_base():
    from .r2plus1d_small_jhmdb import *

flow.encoder = dict(type=EarlyFusion, in_channels=2, num_frames=10)
flow.num_frames = 10
streams = dict(flow_dis=flow)
model.update(streams=streams, temporal_bins=1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
