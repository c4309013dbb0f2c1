"""Multi-scale TRN (Zhou et al. 2018, Temporal Relational Reasoning) over ResNet-50: 2 to 8 of 8 frames in order.

Not trained here: needs a GPU and torchvision's ImageNet weights (see ``tsn_r50_jhmdb.py``)."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Trn

with read_base():
    from .tsn_r50_jhmdb import *

rgb.encoder.update(type=Trn, num_frames=8)
streams = dict(rgb=rgb)
model.update(streams=streams, dropout=0.0)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
