"""TSM (Lin et al. 2019) in EfficientNet-Lite0 from ImageNet weights of ``triad[pretrained]``, all layers trained.

8 frames of 112²; not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Tsm

with read_base():
    from .r2plus1d_18_jhmdb import *

rgb.transform.update(mean=(127.0, 127.0, 127.0), std=(128.0, 128.0, 128.0))
rgb.encoder = dict(type=Tsm, network="tf_efficientnet_lite0", in_channels=3, weights="efficientnet_lite0")
rgb.num_frames = 8
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
