"""S3D (Xie et al. 2018) on 64 fields of J-HMDB's DIS flow, which the paper trains as well.

Torchvision's ``s3d-d76dad2f.pth`` of RGB starts it, averaged over the channels.
71.9 GMACs fall to 69.4 with two input channels.
Command: ``triad train configs/flow/s3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .inception_i3d_jhmdb import *

flow.encoder = dict(type=TorchvisionVideo, network="s3d", in_channels=2)
streams = model.streams = dict(flow_dis=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
