"""RNN with tanh (Elman 1990, Finding Structure in Time) over frames as in ``lrcn_jhmdb.py``.

Many-to-one: the classifier reads the last state. 43.0 on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import RecurrentNetwork

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=RecurrentNetwork, cell="rnn", pooling="last")
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
