"""TSM (Lin et al. 2019, Temporal Shift Module): the ResNet-50 of TSN with shifts between frames, at its cost.

Not trained here: needs a GPU and torchvision's ImageNet weights (see ``tsn_r50_jhmdb.py``)."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Tsm

with read_base():
    from .tsn_r50_jhmdb import *

rgb.encoder.update(type=Tsm)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
