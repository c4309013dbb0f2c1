"""SlowFast-R50 (Feichtenhofer et al. 2019) on J-HMDB: 4 slow and 32 fast frames of 224² within 64 frames.

34.5 million parameters, 27.6 GMACs; 75.55 % top-1 on Kinetics-400 in mmaction2 with the weights
``slowfast_r50_8xb8-4x16x1-256e_kinetics400-rgb_20220901-701b0f6f.pth``. Not trained here, which needs a GPU.
``--cfg-options streams.rgb.encoder.backbone=slowfast_r50_8x8`` costs 50.3 GMACs (76.80 %), ``slowfast_r101_8x8`` 96.7.
Command: ``triad train configs/rgb/slowfast_r50_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2SlowFast

with read_base():
    from .i3d_r50_jhmdb import *

rgb.update(encoder=dict(type=Mmaction2SlowFast, backbone="slowfast_r50_4x16", in_channels=3))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
