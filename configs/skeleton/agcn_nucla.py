"""2s-AGCN (Shi et al. 2019), one stream, at its published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/agcn_nucla.py --data data/nucla --work-dir work_dirs/nucla/agcn

Not trained here. The recipe is that of ``ctrgcn_nucla``."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import TwoStreamAgcn

with read_base():
    from .ctrgcn_nucla import *

skeleton.encoder = dict(type=TwoStreamAgcn, layout="kinect20", person_norms=1)
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
