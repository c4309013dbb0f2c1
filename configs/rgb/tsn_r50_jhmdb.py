"""TSN (Wang et al. 2016, Temporal Segment Networks): ResNet-50 on 8 frames, one a segment, averaged. Not trained here.

It needs a GPU and, for 350 training clips, torchvision's weights of ImageNet from a local file:
``--cfg-options streams.rgb.encoder.weights=resnet50-11ad3fa6.pth``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionImage

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder = dict(type=TorchvisionImage, network="resnet50", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
