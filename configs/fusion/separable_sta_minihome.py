"""Separable spatio-temporal attention (Das et al. 2019) on MiniHome: the skeleton weights the RGB features, and one
classifier reads them.

Three stages, as published: encoders (``make demo`` trains both), attention on frozen encoders, then all but the pose:

    C=configs/fusion/separable_sta_minihome.py D=work_dirs/demo
    triad train $C --data $D/data --work-dir $D/sta_attention --cfg-options \\
        "model.frozen=('rgb','skeleton')" model.pretrained.rgb=$D/rgb/epoch_12.pth \\
        model.pretrained.skeleton=$D/skeleton/epoch_10.pth
    triad train $C --data $D/data --work-dir $D/sta --cfg-options load_from=$D/sta_attention/epoch_4.pth"""

from mmengine.config import read_base

from triad.fusion.attention import SeparableSTA

with read_base():
    from .._base_.rgb_and_skeleton_minihome import *

model.update(
    attention=[dict(type=SeparableSTA, video="rgb", pose="skeleton")],
    heads=dict(rgb=1.0, skeleton=None),
    frozen=("skeleton",),
)
