"""Bone motion on Northwestern-UCLA; otherwise as ``stgcnpp_nucla``: 89.4 %, under ``cross_view_unseen`` 87.6 %."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import ToBones, ToMotion

with read_base():
    from .stgcnpp_nucla import *

skeleton.transform.update(steps=[dict(type=ToBones), dict(type=ToMotion)])
streams = model.streams = dict(skeleton_bone_motion=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
