"""Joints, bones and motion on Florence 3D Actions through a narrow ST-GCN++ (Duan et al. 2022): 91.2 % over ten folds.

Actors drink, phone and read their watch with either hand, so left-handed samples are mirrored. The fold of actor s3 is
``--cfg-options data.protocol=leave_one_out:s3``; ``triad aggregate`` aggregates the folds. Trained with ``--refit``,
seed 0, on two CPU cores in November 2026, about a minute a fold beside other jobs."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.transforms import (
    AlignView,
    CenterOnRoot,
    InterpolateMissing,
    MirrorLeftHanded,
    ScaleByTorso,
)

with read_base():
    from .._base_.datasets.florence3d import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d_branches import *

skeleton.reader.update(layout="florence15")
skeleton.transform.update(
    layout="florence15",
    pre_steps=[
        dict(type=InterpolateMissing),
        dict(type=AlignView, times=None, upright=False),
        dict(type=MirrorLeftHanded),
        dict(type=CenterOnRoot),
        dict(type=ScaleByTorso),
    ],
)
skeleton.encoder.update(layout="florence15")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=9, label_smoothing=0.1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=40, val_interval=20)
param_scheduler[0].update(pct_start=0.1)
