"""Hyperformer (Zhou et al. 2022) at its published width: joints on Northwestern-UCLA, cross-view.

    triad train configs/skeleton/hyperformer_nucla.py --data data/nucla --work-dir work_dirs/nucla/hyperformer

Not trained here. Number of frames, batch size, learning rate, steps and body parts are the authors' for this dataset.
Each of their 150 epochs draws every clip five times, ours once."""

from mmengine.config import read_base

from triad.modalities.skeleton.encoders import Hyperformer

with read_base():
    from .ctrgcn_nucla import *

joint_parts = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]  # trunk, arms, legs
skeleton.encoder = dict(type=Hyperformer, layout="kinect20", person_norms=1, joint_parts=joint_parts)
streams = model.streams = dict(skeleton=skeleton)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=750)
optim_wrapper.optimizer.update(lr=0.025, weight_decay=0.0)
param_scheduler[1].update(milestones=[550, 600])
