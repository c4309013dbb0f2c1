"""Spatial stream: CNN-M-2048 on RGB frames of 224² (Simonyan & Zisserman 2014, Two-Stream Convolutional Networks).

Averaged over 4 frames; not trained here. Its scores and those of ``configs/flow/cnn_m_2048_jhmdb.py`` are averaged or
put into an SVM by ``fuse``: ``--method mean`` or ``--method svm``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import CnnM2048

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=CnnM2048, in_channels=3)
rgb.num_frames = 4
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
