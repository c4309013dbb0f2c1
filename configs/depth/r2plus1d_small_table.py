"""Depth alone on one's own recordings (column ``depth`` of a table).

``triad prepare table TABLE data/table`` makes the dataset; ``triad train`` takes this leaf as it is."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.loaders import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.depth import *

data = dict(index="data/table", protocol="split1")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
streams = dict(depth=depth)
model = dict(type=Recognizer, streams=streams, num_classes=16, temporal_bins=4)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
