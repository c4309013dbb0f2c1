"""CTR-GCN (Chen et al. 2021) at its published width: joints on NTU RGB+D 60, cross-subject.

    triad train configs/skeleton/ctrgcn_ntu60.py --data data/ntu60 --work-dir work_dirs/ntu60/ctrgcn

Not trained here; its authors report 92.4 % for four streams. Number of frames, batch size, learning rate, steps, random
temporal spans, random rotations and the graph of the hands are theirs."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import CtrGcn

with read_base():
    from .._base_.datasets.ntu60 import *
    from .._base_.runtime import *
    from .._base_.schedules.sgd_steps import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="ntu25_agcn", convert_from="ntu25")
skeleton.transform.update(layout="ntu25_agcn")
skeleton.num_frames = 64
skeleton.encoder = dict(type=CtrGcn, layout="ntu25_agcn")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=60, dropout=0.0)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.dataset.temporal_sampler.update(min_span_ratio=0.5)
train_dataloader.dataset.augmentation.update(rotate=17.0, tilt=17.0, roll=17.0)
