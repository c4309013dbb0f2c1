"""Separable STA (Das et al. 2019) on J-HMDB: annotated joints weight the places and times of the frames.

On frozen ImageNet features of the frames, see ``_base_/imagenet_and_skeleton_jhmdb.py``."""

from mmengine.config import read_base

from triad.fusion.attention import SeparableSTA

with read_base():
    from .._base_.imagenet_and_skeleton_jhmdb import *

model.update(attention=[dict(type=SeparableSTA, video="rgb", pose="skeleton")], heads=dict(skeleton=None))
