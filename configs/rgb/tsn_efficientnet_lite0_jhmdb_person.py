"""Frozen EfficientNet-Lite0 of ImageNet (Tan & Le 2019) on crops around the person, whom the joints find.

As ``tsn_efficientnet_lite0_jhmdb`` otherwise; 60.0 over three splits. Stream ``skeleton`` places the crops and has no
head."""

from mmengine.config import read_base

from triad.fusion.transforms import PartCrop
from triad.modalities.skeleton.encoders import RawJoints

with read_base():
    from .._base_.streams.skeleton import *
    from .tsn_efficientnet_lite0_jhmdb import *

skeleton.num_frames = 8
skeleton.encoder = dict(type=RawJoints, in_channels=2)
skeleton.reader.update(layout="jhmdb15", frame_size=(240, 320))
skeleton.transform.update(layout="jhmdb15", frame_size=(240, 320), steps=[])
crop = dict(
    type=PartCrop,
    pose="skeleton",
    body_part="body",
    layout="jhmdb15",
    frame_size=(240, 320),
    size=(224, 224),
    mean=(127.0, 127.0, 127.0),
    std=(128.0, 128.0, 128.0),
)
body = dict(rgb, source="rgb", transform=crop)
streams = dict(body=body, skeleton=skeleton)
model.update(streams=streams, frozen=("body", "skeleton"), heads=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
