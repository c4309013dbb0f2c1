"""RGB and heat maps of annotated joints on J-HMDB, which show the same place, through the pathways of RGBPose-Conv3D.

8 frames of 224² and 32 maps of 56², as published. Both networks start from trainings of their own, by
``model.pretrained``, or from mmaction2's weights, by ``streams.NAME.encoder.weights``."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.video_encoders import RgbPosePathway

with read_base():
    from .datasets.jhmdb_square import *
    from .runtime import *
    from .schedules.adamw_finetune import *
    from .streams.heatmap import *
    from .streams.rgb import *

rgb.reader.update(frame_size=(256, 340))
rgb.transform.update(size=(224, 224), mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
rgb.encoder = dict(type=RgbPosePathway, pathway="rgb", in_channels=3, weights=None)
skeleton.reader.update(layout="jhmdb15")
skeleton.transform.update(layout="jhmdb15", size=(56, 56), sigma=0.7, padding=None)
skeleton.encoder = dict(type=RgbPosePathway, pathway="pose", in_channels=15, weights=None)
skeleton.num_frames = 32
streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=14, pretrained=dict(rgb=None, skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
