"""R(2+1)D-34 (Tran et al. 2018, A Closer Look at Spatiotemporal Convolutions) on 8×8 frames of 224².

63.8 million parameters, 40.6 GMACs; 69.76 % top-1 on Kinetics-400 in mmaction2 after no ImageNet:
``r2plus1d_r34_8xb8-8x8x1-180e_kinetics400-rgb_20220812-47cfe041.pth``. No figure of its own on J-HMDB yet.
Command: ``triad train configs/rgb/r2plus1d_r34_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .i3d_r50_jhmdb import *

rgb.update(num_frames=8, encoder=dict(type=Mmaction2Video, backbone="r2plus1d_r34", in_channels=3))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
