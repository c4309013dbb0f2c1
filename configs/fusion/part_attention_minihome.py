"""P-I3D (Das et al. 2019, WACV) on MiniHome: the skeleton weights networks of both hands and the body.

A small R(2+1)D a part in place of I3D, trained end to end. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import PartAttention
from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.body_parts import *
    from .._base_.streams.skeleton import *

streams = dict(left_hand=left_hand, right_hand=right_hand, body=body, skeleton=skeleton)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=16,
    attention=[dict(type=PartAttention, body_parts=("left_hand", "right_hand", "body"), pose="skeleton")],
    heads=dict(left_hand=None, right_hand=None),
    fused="body",
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
