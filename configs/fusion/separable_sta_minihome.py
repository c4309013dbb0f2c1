"""Separable spatio-temporal attention (Das et al. 2019) on MiniHome: the skeleton weights the RGB features, and one
classifier reads them.

Three stages, as published: encoders (``make demo`` trains both), attention on frozen encoders, then all but the pose:

    C=configs/fusion/separable_sta_minihome.py D=work_dirs/demo
    python tools/train.py $C --data $D/data --work-dir $D/sta_attention --cfg-options \\
        "model.frozen=('rgb','skeleton')" model.pretrained.rgb=$D/rgb/epoch_12.pth \\
        model.pretrained.skeleton=$D/skeleton/epoch_10.pth
    python tools/train.py $C --data $D/data --work-dir $D/sta --cfg-options load_from=$D/sta_attention/epoch_4.pth"""

from mmengine.config import read_base

from fusion.attention import SeparableSTA
from fusion.models import Recognizer

with read_base():
    from .._base_.datasets.minihome import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.rgb import *
    from .._base_.streams.skeleton import *

streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=16,
    temporal_bins=4,
    attention=[dict(type=SeparableSTA, video="rgb", pose="skeleton")],
    heads=dict(rgb=1.0, skeleton=None),
    frozen=("skeleton",),
    pretrained=dict(rgb=None, skeleton=None),
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=4)
