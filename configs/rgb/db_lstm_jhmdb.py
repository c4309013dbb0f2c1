"""DB-LSTM (Ullah et al. 2018, Deep Bi-Directional LSTM With CNN Features): two layers over every sixth frame, six here.

The frame encoder stays frozen as published; it is that of ``lrcn_jhmdb.py``, not AlexNet. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import DbLstm

with read_base():
    from .lrcn_jhmdb import *

rgb.encoder = dict(type=DbLstm, in_channels=3, frames=frames, frozen_frames=True)
rgb.num_frames = 6
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
