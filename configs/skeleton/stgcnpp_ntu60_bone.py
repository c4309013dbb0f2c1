"""Bones on NTU RGB+D 60, cross-subject; otherwise as ``stgcnpp_ntu60``."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import ToBones

with read_base():
    from .stgcnpp_ntu60 import *

skeleton.transform.update(steps=[dict(type=ToBones)])
streams = model.streams = dict(skeleton_bone=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
