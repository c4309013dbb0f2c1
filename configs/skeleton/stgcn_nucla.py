"""ST-GCN (Yan et al. 2018) at its published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/stgcn_nucla.py --data data/nucla --work-dir work_dirs/nucla/stgcn

Not trained here. The recipe is that of ``ctrgcn_nucla``."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import StGcn

with read_base():
    from .ctrgcn_nucla import *

skeleton.encoder = dict(type=StGcn, layout="kinect20")
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
