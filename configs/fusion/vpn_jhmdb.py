"""VPN (Das et al. 2020) on J-HMDB: annotated joints in pixels, 16 poses, and a small R(2+1)D of RGB. Not trained here.

    triad train configs/fusion/vpn_jhmdb.py --data data/jhmdb --cfg-options model.pretrained.rgb=RGB.pth

``RGB.pth`` is a checkpoint of ``rgb/r2plus1d_small_jhmdb``."""

from mmengine.config import read_base

from triad.fusion.attention import Vpn
from triad.modalities.skeleton.encoders import VpnPose

with read_base():
    from .separable_sta_jhmdb import *

skeleton.num_frames = 16
skeleton.encoder = dict(type=VpnPose, layout="jhmdb15", in_channels=6)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(attention=[dict(type=Vpn, video="rgb", pose="skeleton")], frozen=())
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=40, val_interval=10)
