"""X3D-M (Feichtenhofer 2020, X3D: Expanding Architectures for Efficient Video Recognition) on 16 frames of 224².

3.8 million parameters, 4.7 GMACs; 76.4 % top-1 on Kinetics-400 (16×5) with the authors' weights in mmaction2's names:
``x3d_m_16x5x1_facebook-kinetics400-rgb_20201027-3f42382a.pth``. X3D-S is the same network on 13 frames of 160².
The cheapest published 3D network of these configs; it too waits for a GPU.
Command: ``triad train configs/rgb/x3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .i3d_r50_jhmdb import *

rgb.transform.update(mean=(114.75, 114.75, 114.75), std=(57.38, 57.38, 57.38))
rgb.update(num_frames=16, encoder=dict(type=Mmaction2Video, backbone="x3d", in_channels=3))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
