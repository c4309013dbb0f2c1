"""Joints on Northwestern-UCLA, cross-view, through a narrow ST-GCN++ (Duan et al. 2022): 90.7 %.

Without the test clips that are copies of training clips (``cross_view_unseen``): 90.5 %. Seed 0, November 2026, 9 to 15
minutes on one core beside other jobs:

    triad train configs/skeleton/stgcnpp_nucla.py --data data/nucla --refit --work-dir work_dirs/stgcnpp_nucla
    triad test configs/skeleton/stgcnpp_nucla.py work_dirs/stgcnpp_nucla --data data/nucla"""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.nucla import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d import *

streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=10, label_smoothing=0.1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=60, val_interval=20)
param_scheduler[0].update(pct_start=0.1)
