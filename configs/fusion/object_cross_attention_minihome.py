"""RGB looks at detected objects, whose distances to the hands are known, beside the skeleton, on MiniHome.

What people hold tells cup from can and book from tablet, which posture cannot. Not trained here."""

from mmengine.config import read_base

from fusion.attention import ObjectCrossAttention
from fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.objects import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

streams = dict(rgb=rgb, skeleton=skeleton, objects=objects)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=16,
    temporal_bins=4,
    attention=[dict(type=ObjectCrossAttention, objects="objects", query="rgb", vocabulary="minihome")],
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
