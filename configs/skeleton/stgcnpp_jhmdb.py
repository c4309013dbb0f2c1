"""Annotated 2D joints alone on J-HMDB."""

from mmengine.config import read_base

from fusion.models import Recognizer

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton import *

skeleton.reader.update(layout="jhmdb15", canvas=(240, 320))
skeleton.transform.update(layout="jhmdb15", canvas=(240, 320))
skeleton.encoder.update(layout="jhmdb15", in_channels=2)
skeleton.count = 32
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, num_classes=14)
train_cfg.update(max_epochs=3, val_interval=1)
