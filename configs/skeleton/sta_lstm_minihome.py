"""STA-LSTM (Song et al. 2017) on MiniHome: the measured skeleton, with weights over joints and times.

    triad train configs/skeleton/sta_lstm_minihome.py --data work_dirs/demo/data

Two stages, if wanted, as in ``sta_lstm_ntu60``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import StaLstm

with read_base():
    from .stgcnpp_minihome import *

skeleton.encoder = dict(type=StaLstm, layout="minihome16", persons=1)
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30)
