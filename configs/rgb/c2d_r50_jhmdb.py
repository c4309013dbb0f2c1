"""C2D (Wang et al. 2018): ResNet-50 on 8×8 frames with two pools over time, the baseline of non-local networks.

24.3 million parameters, 19.3 GMACs; 73.89 % top-1 on Kinetics-400 in mmaction2 with the weights
``c2d_r50-in1k-pre_8xb32-8x8x1-100e_kinetics400-rgb_20221027-3ca304fa.pth``. Fine-tuning needs a GPU.
Command: ``triad train configs/rgb/c2d_r50_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .i3d_r50_jhmdb import *

rgb.update(num_frames=8, encoder=dict(type=Mmaction2Video, backbone="c2d_r50", in_channels=3))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
