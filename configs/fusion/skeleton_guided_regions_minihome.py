"""MMNet (Bruce et al. 2022) on MiniHome: ResNet-18 reads regions of the body that ST-GCN++ weights.

The answer is the mean of both. The published ResNet starts from ImageNet: ``model.attention.0.encoder.weights``. Not
trained here."""

from mmengine.config import read_base

from triad.fusion.attention import SkeletonGuidedRegions
from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.regions import *
    from .._base_.streams.skeleton import *

streams = dict(regions=regions, skeleton=skeleton)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=16,
    attention=[
        dict(
            type=SkeletonGuidedRegions,
            regions="regions",
            skeleton="skeleton",
            layout="minihome16",
            encoder=dict(type=TorchvisionImage, network="resnet18", in_channels=3),
        )
    ],
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
