"""CTR-GCN (Chen et al. 2021) at its published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/ctrgcn_nucla.py --data data/nucla --work-dir work_dirs/nucla/ctrgcn

Not trained to its end here; on one H200 its 325 epochs take 2.9 minutes (``triad bench training``, 2026-11-27). Number
of frames, batch size, learning rate and steps are the authors'. Each of their 65 epochs draws every clip five times,
ours once. Alignment, scaling and augmentation of joints are ours."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import CtrGcn

with read_base():
    from .._base_.datasets.nucla import *
    from .._base_.runtime import *
    from .._base_.schedules.sgd_steps import *
    from .._base_.streams.skeleton_3d import *

skeleton.num_frames = 52
skeleton.encoder = dict(type=CtrGcn, layout="kinect20", person_norms=1)
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=10, dropout=0.0)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=325, val_interval=25)
optim_wrapper.optimizer.update(weight_decay=1e-4)
param_scheduler[0].update(end=25)
param_scheduler[1].update(milestones=[250])
