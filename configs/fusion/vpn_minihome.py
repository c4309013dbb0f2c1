"""VPN (Das et al. 2020) on MiniHome: its pose network drives attention over a small R(2+1)D's map of RGB.

    triad train configs/fusion/vpn_minihome.py --data work_dirs/demo/data --cfg-options \\
        model.pretrained.rgb=work_dirs/demo/rgb/epoch_12.pth

The video encoder starts from the demo's; everything is trained, as published. 16 poses."""

from mmengine.config import read_base

from triad.fusion.attention import Vpn
from triad.modalities.skeleton.encoders import VpnPose

with read_base():
    from .separable_sta_minihome import *

skeleton.num_frames = 16
skeleton.encoder = dict(type=VpnPose, layout="minihome16")
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(attention=[dict(type=Vpn, video="rgb", pose="skeleton")], frozen=())
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=8)
