"""3D convolutions, and an LSTM of 50 (Baccouche et al. 2011, Sequential Deep Learning for Human Action Recognition).

The convolutions are those of the small R(2+1)D, trained together with the LSTM, from scratch. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Conv3dLstm

with read_base():
    from .r2plus1d_small_jhmdb import *

rgb.encoder = dict(type=Conv3dLstm, in_channels=3)
streams = dict(rgb=rgb)
model.update(streams=streams, temporal_bins=1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
