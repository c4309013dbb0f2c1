"""RGB with heat maps of the measured joints (Duan et al. 2022) as sixteen further channels, on MiniHome.

One small R(2+1)D reads all nineteen. Not trained here."""

from mmengine.config import read_base

from fusion.models import Recognizer
from fusion.transforms import RgbWithHeatmaps
from modalities.skeleton.encoders import RawJoints

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

rgb.transform.update(type=RgbWithHeatmaps, pose="skeleton", layout="minihome16", frame_size=(120, 160), sigma=1.5)
rgb.encoder.update(in_channels=19)
skeleton.encoder = dict(type=RawJoints, in_channels=3)
streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=16, temporal_bins=4, heads=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
