"""TANet-R50 (Liu et al. 2021, TAM: Temporal Adaptive Module for Video Recognition): 8 frames of 224², one a segment.

25.6 million parameters, 32.8 GMACs; 76.25 % top-1 on Kinetics-400 with 8 dense frames (mmaction2):
``tanet_imagenet-pretrained-r50_8xb8-dense-1x1x8-100e_kinetics400-rgb_20220919-a34346bc.pth``.
It takes exactly 8 frames: its temporal kernels are linear maps of 8 numbers.
Command: ``triad train configs/rgb/tanet_r50_jhmdb.py``."""

from mmengine.config import read_base

with read_base():
    from .slowonly_jhmdb import *

rgb.encoder.update(backbone="tanet_r50")
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
