"""VPN++ (Das et al. 2021) on J-HMDB: annotated joints teach a small R(2+1)D of RGB, which is tested without them.

    triad train configs/fusion/vpn_plus_plus_jhmdb.py --data data/jhmdb --cfg-options \\
        model.pretrained.rgb=RGB.pth model.pretrained.skeleton=SKELETON.pth

Not trained here. The encoders' checkpoints are those of ``separable_sta_jhmdb``."""

from mmengine.config import read_base

from triad.fusion.attention import VpnPlusPlus

with read_base():
    from .separable_sta_jhmdb import *

skeleton.update(train_only=True)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
teachers = dict(attention_teacher="skeleton", feature_teacher="skeleton")
model.update(
    attention=[dict(type=VpnPlusPlus, video="rgb", embedding=256, **teachers)], heads=dict(rgb=0.9, skeleton=None)
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
