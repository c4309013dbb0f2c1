"""GRU (Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder) many-to-one.

The classifier reads the last state; frames as in ``lrcn_jhmdb.py``.
44.6 on split 1 with frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import FrameSequenceEncoder, RecurrentNetwork

with read_base():
    from .lrcn_jhmdb import *

rgb.encoder = dict(
    type=FrameSequenceEncoder,
    in_channels=3,
    frames=frames,
    sequence=dict(type=RecurrentNetwork, cell="gru", pooling="last"),
)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
