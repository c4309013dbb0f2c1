"""Joints on Northwestern-UCLA, cross-view, through a narrow ST-GCN++."""

from mmengine.config import read_base

from fusion.models import Recognizer

with read_base():
    from .._base_.datasets.nucla import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d import *

streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, num_classes=10, label_smoothing=0.1)
train_cfg.update(max_epochs=60, val_interval=20)
param_scheduler[0].update(pct_start=0.1)
