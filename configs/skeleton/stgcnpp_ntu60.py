"""ST-GCN++ (Duan et al. 2022) at its published width: joints on NTU RGB+D 60, cross-subject.

    triad train configs/skeleton/stgcnpp_ntu60.py --data data/ntu60 --work-dir work_dirs/ntu60/stgcnpp

Not trained here; its authors report 89.3 % for joints and 92.1 % for four streams. Number of frames, batch size,
learning rate and test clips are theirs. The other streams are ``stgcnpp_ntu60_bone``, ``…_joint_motion`` and
``…_bone_motion``; ``triad fuse --weights 2 2 1 1`` fuses the four."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import StGcnPlusPlus

with read_base():
    from .._base_.datasets.ntu60 import *
    from .._base_.runtime import *
    from .._base_.schedules.sgd_cosine import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="ntu25")
skeleton.transform.update(layout="ntu25")
skeleton.num_frames = 100
skeleton.encoder = dict(type=StGcnPlusPlus, layout="ntu25")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=60, dropout=0.0)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.update(batch_size=128)
test_dataloader.dataset.temporal_sampler.update(num_clips=10)
