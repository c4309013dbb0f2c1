"""MARS (Crasto et al. 2019) on MiniHome: RGB learns the features of a frozen flow network, and is tested without flow.

Start both from the flow network's training: ``model.pretrained.flow_dis=FLOW.pth``, and RGB from its own or, with three
channels averaged, the same file. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import Mars

with read_base():
    from .._base_.three_streams_minihome import *

flow.train_only = True
streams = model.streams = dict(rgb=rgb, flow_dis=flow)
model.attention = [dict(type=Mars, student="rgb", teacher="flow_dis")]
model.frozen = ("flow_dis",)
model.pretrained = dict(rgb=None, flow_dis=None)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
