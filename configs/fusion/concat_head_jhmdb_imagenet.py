"""Concatenation and a hidden layer (Rumelhart et al. 1986) on J-HMDB: a joint head over RGB and skeleton.

On frozen ImageNet features of the frames, see ``_base_/imagenet_and_skeleton_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.heads import ConcatHead

with read_base():
    from .._base_.imagenet_and_skeleton_jhmdb import *

model.update(joint_head=dict(type=ConcatHead, hidden=256))
