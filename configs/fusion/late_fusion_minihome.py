"""RGB and measured skeleton on MiniHome, a head each and nothing between: what fusion modules are compared with.

The README has the command of the comparison."""

from mmengine.config import read_base

from fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(
    type=Recognizer, streams=streams, num_classes=16, temporal_bins=4, pretrained=dict(rgb=None, skeleton=None)
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=4)
