"""MFNet (Chen et al. 2018, Multi-Fiber Networks for Video Recognition) on 16 frames of 224².

8.0 million parameters and 11.0 GMACs with 400 classes, 7.84 million with 200 as in tables of Mini-Kinetics.
The authors' file of PyTorch weights fits by name: ``--cfg-options streams.rgb.encoder.weights=FILE.pth``.
Nothing was trained here; grouped 3×3×3 convolutions are slow on CPUs and on old cuDNN.
Command: ``triad train configs/rgb/mfnet_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import MfNet

with read_base():
    from .i3d_r50_jhmdb import *

rgb.encoder = dict(type=MfNet, in_channels=3)
rgb.num_frames = 16
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
