"""Separable STA (Das et al. 2019) on Toyota Smarthome as published: I3D attended by an LSTM over 30 poses, 31 classes.

    C=configs/fusion/separable_sta_smarthome.py W=work_dirs/sta
    triad train $C --data data/smarthome --work-dir $W/encoders --cfg-options model.attention=[] \\
        "model.frozen=()" model.heads.skeleton=1.0 streams.rgb.encoder.weights=rgb_imagenet.pt
    triad train $C --data data/smarthome --work-dir $W/attention --cfg-options \\
        model.pretrained.rgb=$W/encoders/epoch_50.pth model.pretrained.skeleton=$W/encoders/epoch_50.pth
    triad train $C --data data/smarthome --work-dir $W/joint --cfg-options \\
        load_from=$W/attention/epoch_50.pth "model.frozen=('skeleton',)" optim_wrapper.optimizer.lr=1e-4

Encoders, attention on frozen encoders, then all but the pose. Not trained here: it needs GPUs and I3D's weights of
Kinetics-400. The paper reports 54.2 % mean class accuracy cross-subject. It reads crops of the person; this leaf whole
frames."""

from mmengine.config import read_base

from triad.fusion.attention import SeparableSTA
from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import SkeletonLstm

with read_base():
    from .._base_.datasets.smarthome_video import *
    from .._base_.runtime import *
    from .._base_.schedules.adam_plateau import *
    from .._base_.streams.rgb_i3d import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="smarthome13", frame_size=(256, 340))
skeleton.transform.update(layout="smarthome13", frame_size=(256, 340))
skeleton.num_frames = 30
skeleton.encoder = dict(type=SkeletonLstm, layout="smarthome13")
streams = dict(rgb=rgb, skeleton=skeleton)
model = dict(
    type=Recognizer,
    streams=streams,
    num_classes=31,
    attention=[dict(type=SeparableSTA, video="rgb", pose="skeleton")],
    heads=dict(rgb=1.0, skeleton=None),
    frozen=("rgb", "skeleton"),
    pretrained=dict(rgb=None, skeleton=None),
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
