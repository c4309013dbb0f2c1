"""SlowOnly-R50 (Feichtenhofer et al. 2019) on 8×8 fields of J-HMDB's DIS flow. Not trained here.

RGB weights of mmaction2 are averaged over the channels; its own flow weights have Kinetics' TV-L1 flow.
Command: ``triad train configs/flow/slowonly_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .inception_i3d_jhmdb import *

flow.update(num_frames=8, encoder=dict(type=Mmaction2Video, backbone="slowonly_r50", in_channels=2))
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
