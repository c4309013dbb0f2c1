"""DIS flow through frozen EfficientNet-Lite0 of ImageNet and a linear classifier; see the leaf of RGB.

The kernels of the first layer are averaged over colours (Wang et al. 2016, Temporal Segment Networks)."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TimmImage

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.linear_probe import *
    from .._base_.streams.flow import *

flow.reader.update(frame_size=(240, 320))
flow.transform.update(size=(224, 224), bound=4.0)
flow.encoder = dict(type=TimmImage, network="tf_efficientnet_lite0", in_channels=2, weights="efficientnet_lite0")
streams = dict(flow_dis=flow)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=14,
    frozen=("flow_dis",),
    temporal_bins=2,
    pooling=("mean", "std"),
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
