"""MC3-18 (Tran et al. 2018): 3D convolutions in the first stages, 2D after them, on 16 frames of 112².

11.7 million parameters, 43.3 GMACs. Weights of Kinetics-400: torchvision's ``mc3_18-a90a0ba3.pth``.
All 16 times are kept up to the head, which is why it costs more than R3D-18.
Command: ``triad train configs/rgb/mc3_18_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .c3d_jhmdb import *

rgb.transform.update(mean=(110.2008, 100.63983, 95.99475), std=(58.14765, 56.46975, 55.332195))
rgb.encoder = dict(type=TorchvisionVideo, network="mc3_18", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
