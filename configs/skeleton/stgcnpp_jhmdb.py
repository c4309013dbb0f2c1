"""Annotated 2D joints alone on J-HMDB: joints, bones and motion through a narrow ST-GCN++."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.transforms import Branches, CenterOnRoot, ScaleByTorso, ToBones, ToMotion

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton import *

branches = [[], [dict(type=ToBones)], [dict(type=ToMotion)]]
skeleton.reader.update(layout="jhmdb15", frame_size=(240, 320))
skeleton.transform.update(
    layout="jhmdb15",
    frame_size=(240, 320),
    steps=[dict(type=CenterOnRoot), dict(type=ScaleByTorso), dict(type=Branches, branches=branches)],
)
skeleton.encoder.update(layout="jhmdb15", in_channels=6)
skeleton.num_frames = 32
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=14, label_smoothing=0.1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.augmentation.update(rotate=45.0)
train_cfg.update(max_epochs=60, val_interval=10)
param_scheduler[0].update(pct_start=0.05)
