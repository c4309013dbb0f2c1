"""Gated mixture of experts (Jacobs et al. 1991) over RGB, flow and skeleton on J-HMDB. Not trained here."""

from mmengine.config import read_base

from triad.fusion.heads import GatedMixtureHead

with read_base():
    from .._base_.three_streams_jhmdb import *

model.update(joint_head=dict(type=GatedMixtureHead, hidden=64, dropout=0.7))
