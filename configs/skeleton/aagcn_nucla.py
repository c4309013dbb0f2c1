"""AAGCN (Shi et al. 2020) at its published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/aagcn_nucla.py --data data/nucla --work-dir work_dirs/nucla/aagcn

Not trained here. The recipe is that of ``ctrgcn_nucla``."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import Aagcn

with read_base():
    from .ctrgcn_nucla import *

skeleton.encoder = dict(type=Aagcn, layout="kinect20", person_norms=1)
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
