"""Bone motion on NTU RGB+D 60, cross-subject; otherwise as ``ctrgcn_ntu60``."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import ToBones, ToMotion

with read_base():
    from .ctrgcn_ntu60 import *

skeleton.transform.update(steps=[dict(type=ToBones), dict(type=ToMotion)])
streams = model.streams = dict(skeleton_bone_motion=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
