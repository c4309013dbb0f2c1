"""ResNet-I3D (Wang et al. 2018, Non-local Neural Networks), an inflated ResNet-50, on 32×2 frames of 224².

28.0 million parameters and 33.1 GMACs with 400 classes; 73.77 % top-1 on Kinetics-400 in mmaction2, whose weights are
``i3d_imagenet-pretrained-r50_8xb8-dense-32x2x1-100e_kinetics400-rgb_20220812-9f46003f.pth``.
``--cfg-options streams.rgb.encoder.backbone=i3d_r50_heavy`` keeps all times: 126.8 GMACs, 76.21 %.
Not trained here: it needs a GPU.
Command: ``triad train configs/rgb/i3d_r50_jhmdb.py``."""

from mmengine.config import read_base

from triad.modalities.video_encoders import Mmaction2Video

with read_base():
    from .inception_i3d_jhmdb import *

rgb.transform.update(mean=(123.675, 116.28, 103.53), std=(58.395, 57.12, 57.375))
rgb.update(num_frames=32, encoder=dict(type=Mmaction2Video, backbone="i3d_r50", in_channels=3))
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
