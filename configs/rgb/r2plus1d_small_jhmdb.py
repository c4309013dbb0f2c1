"""RGB alone on J-HMDB, from scratch."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *

rgb.update(num_frames=16)
streams = dict(rgb=rgb)
model = dict(type=Recognizer, streams=streams, num_classes=14, temporal_bins=2)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=40, val_interval=10)
