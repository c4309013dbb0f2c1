"""UTD-MHAD: skeletons of 27 actions, not mirrored because swipes to left and right are two classes.

Test persons are not in training."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/utd_mhad", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.temporal_sampler.update(min_span_ratio=0.7)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=45.0, tilt=15.0, roll=15.0, scale=0.1)
