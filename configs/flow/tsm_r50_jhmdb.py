"""TSM on DIS flow (Lin et al. 2019); see ``configs/rgb/tsm_r50_jhmdb.py``. Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Tsm

with read_base():
    from .tsn_r50_jhmdb import *

flow.encoder.update(type=Tsm)
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
