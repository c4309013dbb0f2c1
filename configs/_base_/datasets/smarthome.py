"""Toyota Smarthome: 31 daily-living actions of unequal frequency (1 : 100); test persons are not in training.

It is measured by mean class accuracy, so training draws all classes equally often (``power`` 0 of the sampler; 1 draws
every sample once)."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/smarthome", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.sampler.update(power=0.0)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=45.0, tilt=15.0, roll=15.0, scale=0.1)
