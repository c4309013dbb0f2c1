"""2s-AGCN (Shi et al. 2019), one stream, as it is used on Toyota Smarthome: 15 joints, 400 frames, cross-subject.

    triad train configs/skeleton/agcn_smarthome.py --data data/smarthome --work-dir work_dirs/smarthome/agcn

Not trained here. Joints are LCR-Net's 13 with neck and middle of the hips. Number of frames, batch size and epochs are
those of the published code for this dataset, learning rate and steps those of 2s-AGCN. Drawing classes equally often is
our choice."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import TwoStreamAgcn

with read_base():
    from .._base_.datasets.smarthome import *
    from .._base_.runtime import *
    from .._base_.schedules.sgd_steps import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="smarthome15_agcn", convert_from="smarthome13")
skeleton.transform.update(layout="smarthome15_agcn")
skeleton.num_frames = 400
skeleton.encoder = dict(type=TwoStreamAgcn, layout="smarthome15_agcn", person_norms=1)
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=31, dropout=0.0)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=60)
optim_wrapper.optimizer.update(weight_decay=1e-4)
param_scheduler[1].update(milestones=[30, 40])
