"""3D-ConvNet (Carreira and Zisserman 2017, Quo Vadis, Action Recognition?): C3D with batch normalisation.

79.6 million parameters with 400 classes, 19.8 GMACs. The paper trains on 16 frames of 112² and tests on 240.
No weights are published, and it needs a GPU.
Command: ``triad train configs/rgb/convnet_3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import ConvNet3d

with read_base():
    from .c3d_jhmdb import *

rgb.encoder = dict(type=ConvNet3d, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
