"""Lateral connections from flow to RGB (Feichtenhofer et al. 2016) on MiniHome, after each of the first three stages.

They start at zero, as late fusion; the skeleton stays apart. Not trained here."""

from mmengine.config import read_base

from triad.fusion.models import LateralConnections

with read_base():
    from .._base_.three_streams_minihome import *

model.update(paired=dict(type=LateralConnections, source="flow_dis", target="rgb", after=[(1, 1), (2, 2), (3, 3)]))
