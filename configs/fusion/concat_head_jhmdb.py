"""Concatenation and one hidden layer (Rumelhart et al. 1986) over RGB, flow and joints on J-HMDB. Not trained here."""

from mmengine.config import read_base

from triad.fusion.heads import ConcatHead

with read_base():
    from .._base_.three_streams_jhmdb import *

model.update(joint_head=dict(type=ConcatHead, hidden=256, dropout=0.7))
