"""RGB alone on MiniHome, from scratch."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *

streams = dict(rgb=rgb)
model = dict(type=Recognizer, streams=streams, num_classes=16, temporal_bins=4)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=12)
