"""The measured skeleton alone on MiniHome."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton import *

streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=16)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=10, val_interval=5)
