"""Temporal stream: CNN-M-2048 on a stack of 10 DIS fields (Simonyan & Zisserman 2014, Two-Stream Networks, §3).

20 channels, mean displacement subtracted, no second normalisation. Not trained here."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import CnnM2048

with read_base():
    from .._base_.datasets.jhmdb_square import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.flow_stack import *

flow.reader.update(crop_mode="center")
flow.encoder = dict(type=CnnM2048, in_channels=20, second_norm=False)
streams = dict(flow_dis=flow)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.temporal_sampler.update(policy="stack")
val_dataloader.dataset.temporal_sampler.update(policy="stack")
test_dataloader.dataset.temporal_sampler.update(policy="stack")
