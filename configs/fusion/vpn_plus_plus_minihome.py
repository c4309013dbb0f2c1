"""VPN++ (Das et al. 2021) on MiniHome: RGB learns from the skeleton and is tested without it.

    triad train configs/fusion/vpn_plus_plus_minihome.py --data work_dirs/demo/data --cfg-options \\
        model.pretrained.rgb=work_dirs/demo/rgb/epoch_12.pth \\
        model.pretrained.skeleton=work_dirs/demo/skeleton/epoch_10.pth

One frozen ST-GCN++ is both teachers; of them only the attention, its classifier and the projection learn. Skeletons are
read in training alone: ``test``, ``predict`` and ``export`` never open them."""

from mmengine.config import read_base

from triad.fusion.attention import VpnPlusPlus

with read_base():
    from .separable_sta_minihome import *

skeleton.update(train_only=True)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
teachers = dict(attention_teacher="skeleton", feature_teacher="skeleton")
model.update(
    attention=[dict(type=VpnPlusPlus, video="rgb", embedding=256, **teachers)], heads=dict(rgb=0.9, skeleton=None)
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=8)
