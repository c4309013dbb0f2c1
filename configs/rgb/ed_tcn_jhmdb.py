"""ED-TCN (Lea et al. 2017, Temporal Convolutional Networks for Action Segmentation and Detection): one output a frame.

The published kernels of 25 times are longer than the clip, these have 5; frames as in ``lrcn_jhmdb.py``.
7.1, a guess, after 5 epochs on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import EdTcn

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=EdTcn, kernel_size=5)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
