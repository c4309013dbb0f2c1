"""Toyota Smarthome: 31 daily-living actions, the most frequent a hundred times the rarest; people new to the model.

Its measure is the mean class accuracy, so training shows every class equally often; a sampler's power of 1 shows them
as they are.
"""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/smarthome", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.sampler.update(power=0.0)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=45.0, tilt=15.0, roll=15.0, scale=0.1)
