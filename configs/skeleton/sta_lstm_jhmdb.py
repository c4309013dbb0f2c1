"""STA-LSTM (Song et al. 2017) on J-HMDB: annotated joints, bones and motion. Not trained here.

Command: ``triad train configs/skeleton/sta_lstm_jhmdb.py --data data/jhmdb``."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import StaLstm

with read_base():
    from .stgcnpp_jhmdb import *

skeleton.encoder = dict(type=StaLstm, layout="jhmdb15", in_channels=6, persons=1)
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
