"""RGB and measured skeleton of MiniHome through the small networks, each with a head; the answers are averaged.

Leaves add how the streams meet, and start the encoders from their own trainings by ``model.pretrained``."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .datasets.minihome import *
    from .runtime import *
    from .schedules.adamw_onecycle import *
    from .streams.rgb import *
    from .streams.skeleton import *

streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=16, temporal_bins=4)
model.update(pretrained=dict(rgb=None, skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=4)
