"""LSTM composite model (Srivastava et al. 2015, Unsupervised Learning of Video Representations using LSTMs).

Twelve frames are reconstructed in reverse order and four predicted while the classes are learned; the paper learns
these one after the other. Frames as in ``lrcn_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import LstmComposite

with read_base():
    from .gru_jhmdb import *

rgb.encoder.sequence = dict(type=LstmComposite, hidden_channels=512, future_times=4)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
