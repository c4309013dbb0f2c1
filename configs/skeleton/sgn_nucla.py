"""SGN (Zhang et al. 2020) at its published width and 20 frames: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/sgn_nucla.py --data data/nucla --work-dir work_dirs/nucla/sgn

Not trained here. The schedule is ours; the authors use Adam."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import Sgn

with read_base():
    from .._base_.datasets.nucla import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d import *

skeleton.num_frames = 20
skeleton.encoder = dict(type=Sgn, layout="kinect20")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=10, label_smoothing=0.1)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=120, val_interval=20)
