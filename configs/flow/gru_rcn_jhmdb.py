"""GRU-RCN on DIS flow (Ballas et al. 2016); see ``configs/rgb/gru_rcn_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Rcn

with read_base():
    from .tcn_jhmdb import *

flow.encoder.sequence = dict(type=Rcn, cell="gru", widths=(128,))
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
