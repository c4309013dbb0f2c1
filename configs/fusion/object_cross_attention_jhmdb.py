"""RGB looks at objects that YOLOX finds (``extract --objects yolox``), beside the annotated skeleton, on J-HMDB.

Not trained here; bats, balls and bottles are among COCO's classes, bows and guns are not."""

from mmengine.config import read_base

from triad.fusion.attention import ObjectCrossAttention
from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.objects import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15")
skeleton.encoder.update(layout="jhmdb15", in_channels=2)
objects.reader.update(vocabulary="coco80")
objects.transform.update(vocabulary="coco80", layout="jhmdb15")
objects.encoder.update(in_channels=93)
objects.source = "objects_yolox"
streams = dict(rgb=rgb, skeleton=skeleton, objects=objects)
looks = dict(objects="objects", query="rgb", vocabulary="coco80")
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=14,
    temporal_bins=2,
    attention=[dict(looks, type=ObjectCrossAttention)],
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
