"""Non-local network (Wang et al. 2018): ResNet-I3D with five blocks of softmax attention over all times and places.

35.4 million parameters, 44.3 GMACs on 32×2 frames of 224²; 74.73 % on Kinetics-400 in mmaction2:
``i3d_imagenet-pretrained-r50-nl-embedded-gaussian_8xb8-32x2x1-100e_kinetics400-rgb_20220812-afd8f562.pth``.
Others: ``--cfg-options streams.rgb.encoder.backbone=i3d_r50_nl_dot_product`` (74.8 %) or ``…_gaussian`` (73.97 %).
Command: ``triad train configs/rgb/i3d_r50_nl_jhmdb.py``."""

from mmengine.config import read_base

with read_base():
    from .i3d_r50_jhmdb import *

rgb.encoder.update(backbone="i3d_r50_nl_embedded_gaussian")
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
