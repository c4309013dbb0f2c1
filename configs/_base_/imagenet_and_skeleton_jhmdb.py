"""Frozen ImageNet features of J-HMDB's frames and annotated joints through ST-GCN++, a head each; answers are averaged.

The skeleton starts from its own training: ``model.pretrained.skeleton``. For ``triad compare --frozen``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TimmImage

with read_base():
    from ..skeleton.stgcnpp_jhmdb import *
    from .streams.rgb import *

rgb.reader.update(frame_size=(240, 320))
rgb.transform.update(size=(224, 224), mean=(127.0, 127.0, 127.0), std=(128.0, 128.0, 128.0))
rgb.encoder = dict(type=TimmImage, network="tf_efficientnet_lite0", in_channels=3, weights="efficientnet_lite0")
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(temporal_bins=2, frozen=("rgb",), pretrained=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.augmentation.update(rotate=0.0)  # of the skeleton alone, which then leaves the picture
train_cfg.update(max_epochs=20, val_interval=5)
