"""Joints on Toyota Smarthome Untrimmed, cross-subject, through a narrow ST-GCN++ with 51 sigmoids.

The asymmetric loss of Ridnik et al. (2021) makes up for the many classes that a clip does not show. Not trained here:
the videos' joints are not public to us.

    triad train configs/skeleton/stgcnpp_tsu.py --data data/tsu --work-dir work_dirs/stgcnpp_tsu
    triad evaluate localization data/tsu --checkpoint work_dirs/stgcnpp_tsu"""

from mmengine.config import read_base

from triad.fusion.models import Recognizer

with read_base():
    from .._base_.datasets.tsu import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *
    from .._base_.streams.skeleton_3d import *

skeleton.reader.update(layout="smarthome13", frame_size=(480, 640))
skeleton.transform.update(layout="smarthome13", frame_size=(480, 640))
skeleton.encoder.update(layout="smarthome13")
streams = dict(skeleton=skeleton)
model = dict(type=Recognizer, streams=streams, num_classes=51, loss="asymmetric")
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=30, val_interval=5)
default_hooks.checkpoint.update(save_best="mean_average_precision")
