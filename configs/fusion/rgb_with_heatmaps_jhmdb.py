"""RGB with the limbs of the annotated skeleton as one further channel of a small R(2+1)D, on J-HMDB.

Not trained here."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.fusion.transforms import RgbWithHeatmaps
from triad.modalities.skeleton.encoders import RawJoints

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

rgb.transform.update(type=RgbWithHeatmaps, pose="skeleton", layout="jhmdb15", frame_size=(120, 160))
rgb.transform.update(limbs=True, merge=True)
rgb.encoder.update(in_channels=4)
rgb.update(num_frames=16)
skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15")
skeleton.encoder = dict(type=RawJoints, in_channels=2)
streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=14, temporal_bins=2, heads=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
