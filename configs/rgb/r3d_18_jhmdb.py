"""R3D-18 (Tran et al. 2018), a ResNet of 3×3×3 convolutions, on 16 frames of 112².

33.4 million parameters, 40.7 GMACs. Weights of Kinetics-400: torchvision's ``r3d_18-b3b3357e.pth``.
The baseline that R(2+1)D-18 is compared with; its map has two of 16 times left.
Command: ``triad train configs/rgb/r3d_18_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .c3d_jhmdb import *

rgb.transform.update(mean=(110.2008, 100.63983, 95.99475), std=(58.14765, 56.46975, 55.332195))
rgb.encoder = dict(type=TorchvisionVideo, network="r3d_18", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
