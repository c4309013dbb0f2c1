"""Annotated 2D joints on J-HMDB as heat maps through PoseC3D (Duan et al. 2022): 2.0 M parameters.

Not trained here. The published recipe for HMDB and UCF starts from weights of Kinetics."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.heatmap import *

skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15")
skeleton.encoder.update(in_channels=15)
skeleton.num_frames = 32
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=14)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
