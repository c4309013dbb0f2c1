"""STA-LSTM (Song et al. 2017) on NTU RGB+D 60 as published: two persons, batches of 256, Adam, cross-subject.

    C=configs/skeleton/sta_lstm_ntu60.py W=work_dirs/ntu60/sta_lstm
    triad train $C --data data/ntu60 --work-dir $W/joints --cfg-options \\
        streams.skeleton.encoder.temporal=False
    triad train $C --data data/ntu60 --work-dir $W/all --cfg-options \\
        model.pretrained.skeleton=$W/joints/epoch_50.pth

Weights of joints first, with equal times, then all. Not trained here; its authors report 73.4 %."""

from mmengine.config import read_base

from triad.fusion.models import Recognizer
from triad.modalities.skeleton.encoders import StaLstm

with read_base():
    from .._base_.datasets.ntu60 import *
    from .._base_.runtime import *
    from .._base_.schedules.adam_plateau import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="ntu25", persons=2)
skeleton.transform.update(layout="ntu25")
skeleton.num_frames = 100
skeleton.encoder = dict(type=StaLstm, layout="ntu25")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=60, dropout=0.5, pretrained=dict(skeleton=None))
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_dataloader.update(batch_size=256)
