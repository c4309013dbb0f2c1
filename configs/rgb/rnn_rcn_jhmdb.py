"""Recurrent convolutional network with a plain tanh, the form without gates of GRU-RCN (Ballas et al. 2016).

Otherwise ``gru_rcn_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Rcn

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=Rcn, cell="rnn", widths=(128,))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
