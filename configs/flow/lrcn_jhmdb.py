"""LRCN on DIS flow (Donahue et al. 2015), with the published LSTM of 1024; see ``configs/rgb/lrcn_jhmdb.py``.

ImageNet's kernels are averaged over colours for the two components.
25.8 on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Lrcn, TimmImage

with read_base():
    from .r2plus1d_18_jhmdb import *

frames = dict(type=TimmImage, network="tf_efficientnet_lite0", weights="efficientnet_lite0")
flow.encoder = dict(type=Lrcn, in_channels=2, frames=frames, hidden_channels=1024)
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
