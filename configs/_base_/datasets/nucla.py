"""Northwestern-UCLA: skeletons of 10 actions; the test camera is not in training."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/nucla", protocol="cross_view")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.temporal_sampler.update(min_span_ratio=0.5)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=60.0, tilt=15.0, roll=15.0, scale=0.1)
