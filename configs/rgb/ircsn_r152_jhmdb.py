"""Channel-separated network (Tran et al. 2019), ir-CSN-152: depthwise 3×3×3, on 32×2 frames of 224².

29.7 million parameters, 74.0 GMACs; 76.53 % top-1 on Kinetics-400, 82.87 % after IG-65M (mmaction2):
``ircsn_ig65m-pretrained-r152_8xb12-32x2x1-58e_kinetics400-rgb_20220811-c7a3cc5b.pth``. It was not trained here.
``--cfg-options streams.rgb.encoder.backbone=ipcsn_r152`` keeps the interactions of channels: 33.0 million, 77.80 %.
Command: ``triad train configs/rgb/ircsn_r152_jhmdb.py``."""

from mmengine.config import read_base

with read_base():
    from .i3d_r50_jhmdb import *

rgb.encoder.update(backbone="ircsn_r152")
streams = model.streams = dict(rgb=rgb)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
