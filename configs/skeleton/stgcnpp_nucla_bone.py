"""Bones on Northwestern-UCLA; otherwise as ``stgcnpp_nucla``: 92.3 %, under ``cross_view_unseen`` 90.3 %."""

from mmengine.config import read_base

from triad.modalities.skeleton.transforms import ToBones

with read_base():
    from .stgcnpp_nucla import *

skeleton.transform.update(steps=[dict(type=ToBones)])
streams = model.streams = dict(skeleton_bone=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
