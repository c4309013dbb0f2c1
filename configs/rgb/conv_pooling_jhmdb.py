"""Conv pooling over AlexNet, 8 frames of 224² (Ng et al. 2015, Beyond Short Snippets). Not trained here."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ConvPooling

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=ConvPooling, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
