"""MC3-18 (Tran et al. 2018): 3D convolutions in the first stages, 2D after them, on 16 frames of 112².

11.7 million parameters, 43.3 GMACs. Weights of Kinetics-400: torchvision's ``mc3_18-a90a0ba3.pth``.
"""

from mmengine.config import read_base

from modalities.video_encoders import TorchvisionVideo

with read_base():
    from .c3d_jhmdb import *

rgb.encoder = dict(type=TorchvisionVideo, network="mc3_18", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
