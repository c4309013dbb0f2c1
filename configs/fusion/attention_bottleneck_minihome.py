"""Attention bottlenecks (Nagrani et al. 2021, MBT) on MiniHome: RGB, flow and skeleton meet in four tokens.

Each stream keeps a head and the answers are averaged. Start it from the checkpoints of the streams' own trainings by
``model.pretrained``; samples lose a stream now and then, so that one may be missing at test. Not trained here."""

from mmengine.config import read_base

from fusion.attention import AttentionBottleneck

with read_base():
    from .._base_.streams.flow import *
    from .separable_sta_minihome import *

names = ["rgb", "flow_dis", "skeleton"]
streams = dict(rgb=rgb, flow_dis=flow, skeleton=skeleton)
model.update(streams=streams, attention=[dict(type=AttentionBottleneck, streams=names)], frozen=())
model.update(pretrained=dict.fromkeys(names))
train_dataloader.dataset.update(modality_dropout=dict.fromkeys(names, 0.1))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
