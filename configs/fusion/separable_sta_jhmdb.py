"""Separable STA (Das et al. 2019) on J-HMDB: annotated joints through ST-GCN++ weight a small R(2+1)D of RGB.

    triad train configs/fusion/separable_sta_jhmdb.py --data data/jhmdb --cfg-options \\
        model.pretrained.rgb=RGB.pth model.pretrained.skeleton=SKELETON.pth

The encoders' checkpoints are those of ``rgb/r2plus1d_small_jhmdb`` and ``skeleton/stgcnpp_jhmdb``; the skeleton's stays
frozen. Not trained here."""

from mmengine.config import read_base

from triad.fusion.attention import SeparableSTA

with read_base():
    from .._base_.streams.rgb import *
    from ..skeleton.stgcnpp_jhmdb import *

rgb.update(num_frames=16)
streams = model.streams = dict(rgb=rgb, skeleton=skeleton)
model.update(
    attention=[dict(type=SeparableSTA, video="rgb", pose="skeleton")],
    heads=dict(rgb=1.0, skeleton=None),
    frozen=("skeleton",),
    pretrained=dict(rgb=None, skeleton=None),
    temporal_bins=2,
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.augmentation.update(rotate=0.0)
train_cfg.update(max_epochs=20, val_interval=5)
