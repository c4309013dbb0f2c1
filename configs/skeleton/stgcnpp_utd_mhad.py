"""Joints, bones and motion on UTD-MHAD, cross-subject, through a narrow ST-GCN++ (Duan et al. 2022): 94.9 %.

Validation on subject 7, trained on 1, 3 and 5: 93.5 %. Seed 0, two CPU cores, November 2026, 5 minutes with testing:

    triad train configs/skeleton/stgcnpp_utd_mhad.py --data data/utd_mhad --refit --work-dir work_dirs/utd
    triad test configs/skeleton/stgcnpp_utd_mhad.py work_dirs/utd --data data/utd_mhad"""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.utd_mhad import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d_branches import *

streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=27, label_smoothing=0.1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=60, val_interval=20)
param_scheduler[0].update(pct_start=0.1)
