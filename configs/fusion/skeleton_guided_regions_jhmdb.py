"""MMNet (Bruce et al. 2022) on J-HMDB: ResNet-18 reads head, hands and feet, weighted through annotated joints.

ImageNet's weights are to be had as for ``skeleton_guided_regions_minihome``. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import SkeletonGuidedRegions
from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .._base_.datasets.jhmdb import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.regions import *
    from .._base_.streams.skeleton import *

skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15")
skeleton.encoder.update(layout="jhmdb15", in_channels=2)
regions.transform.update(layout="jhmdb15")
streams = dict(regions=regions, skeleton=skeleton)
resnet = dict(type=TorchvisionImage, network="resnet18", in_channels=3)
guide = dict(regions="regions", skeleton="skeleton", layout="jhmdb15")
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=14,
    attention=[dict(guide, type=SkeletonGuidedRegions, encoder=resnet)],
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
