"""P3D-199 (Qiu et al. 2017, Pseudo-3D Residual Networks) on 16 frames of 160², blocks A, B and C in turn.

66.5 million parameters, 18.4 GMACs, counted here and in the public port to PyTorch. No weights are published for it
in files that this project reads; J-HMDB alone is too small for 199 layers.
``--cfg-options streams.rgb.encoder.layers=63`` is the ResNet-50 among them, for smaller cards.
Command: ``triad train configs/rgb/p3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import P3d

with read_base():
    from .i3d_r50_jhmdb import *

rgb.transform.update(size=(160, 160))
rgb.encoder = dict(type=P3d, in_channels=3)
rgb.num_frames = 16
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
