"""S3D (Xie et al. 2018, Rethinking Spatiotemporal Feature Learning): I3D in separable convolutions, 64×224².

8.3 million parameters, 71.9 GMACs. Weights of Kinetics-400: torchvision's ``s3d-d76dad2f.pth``.
Each 3×3×3 convolution of I3D is 1×3×3, then 3×1×1, so that it costs two thirds.
Command: ``triad train configs/rgb/s3d_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import TorchvisionVideo

with read_base():
    from .inception_i3d_jhmdb import *

rgb.transform.update(mean=(110.2008, 100.63983, 95.99475), std=(58.14765, 56.46975, 55.332195))
rgb.encoder = dict(type=TorchvisionVideo, network="s3d", in_channels=3)
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
