"""S3D-G (Xie et al. 2018, Rethinking Spatiotemporal Feature Learning): S3D with gated branches, 64×224².

9.5 million parameters and 71.9 GMACs, counted here. Torchvision's weights of S3D fit, and the gates start at one half:
``--cfg-options streams.rgb.encoder.weights=s3d-d76dad2f.pth``.
In the paper the gates raise S3D on Kinetics-400 from 72.2 to 74.7 % top-1.
Command: ``triad train configs/rgb/s3dg_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import S3dG

with read_base():
    from .s3d_jhmdb import *

rgb.encoder = dict(type=S3dG, in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
