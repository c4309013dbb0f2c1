"""Three LSTMs over poses (Das et al. 2019) at their published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/lstm_nucla.py --data data/nucla --work-dir work_dirs/nucla/lstm

Not trained here. 30 frames as published for Toyota Smarthome; otherwise the recipe of ``sgn_nucla``."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import SkeletonLstm

with read_base():
    from .sgn_nucla import *

skeleton.num_frames = 30
skeleton.encoder = dict(type=SkeletonLstm, layout="kinect20")
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
