"""Convolutional fusion (Feichtenhofer et al. 2016) on MiniHome: the last maps of RGB and flow, added at first.

The flow stream keeps its head and votes, as in the paper; the skeleton votes too. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import ConvFusion

with read_base():
    from .._base_.three_streams_minihome import *

model.update(attention=[dict(type=ConvFusion, first="rgb", second="flow_dis", initial="sum")], temporal_bins=2)
