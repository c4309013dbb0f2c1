"""P-I3D (Das et al. 2019, WACV) on J-HMDB: networks of hands and body weighted by the annotated joints.

Frames are read at 240×320, of which a hand is a small part. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import PartAttention
from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.body_parts import *
    from .._base_.streams.skeleton import *

skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15")
skeleton.encoder.update(layout="jhmdb15", in_channels=2)
left_hand.reader.update(frame_size=(240, 320))
left_hand.transform.update(layout="jhmdb15")
right_hand = dict(left_hand, transform=dict(left_hand.transform, body_part="right_hand"))
body = dict(left_hand, transform=dict(left_hand.transform, body_part="body"))
crops = dict(left_hand=left_hand, right_hand=right_hand, body=body)
streams = dict(crops, skeleton=skeleton)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=14,
    attention=[dict(type=PartAttention, body_parts=tuple(crops), pose="skeleton")],
    heads=dict(left_hand=None, right_hand=None),
    fused="body",
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
