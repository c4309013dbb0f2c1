"""Joints, bones and motion concatenated as channels (Song et al. 2020); otherwise as ``skeleton_3d``."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import Branches, ToBones, ToMotion

with read_base():
    from .skeleton_3d import *

branches = [[], [dict(type=ToBones)], [dict(type=ToMotion)]]
skeleton.transform.update(steps=[dict(type=Branches, branches=branches)])
skeleton.encoder.update(in_channels=9)
