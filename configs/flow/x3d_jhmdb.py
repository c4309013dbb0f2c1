"""X3D-M (Feichtenhofer 2020) on 16 fields of J-HMDB's DIS flow, for which the paper has no figure.

Its 3.8 million parameters start from RGB weights averaged over the channels, see ``configs/rgb/x3d_jhmdb.py``.
Command: ``triad train configs/flow/x3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .inception_i3d_jhmdb import *

flow.update(num_frames=16, encoder=dict(type=Mmaction2Video, backbone="x3d", in_channels=2))
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
