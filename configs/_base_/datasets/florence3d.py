"""Florence 3D Actions: skeletons of 9 daily actions, one fold for each of ten actors."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/florence3d", protocol="leave_one_out:s1")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.temporal_sampler.update(min_span_ratio=0.5)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=45.0, tilt=15.0, roll=15.0, scale=0.1)
