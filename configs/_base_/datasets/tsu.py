"""Toyota Smarthome Untrimmed: 51 actions that overlap; test persons are not in training.

A clip is an annotated action, and has all classes of the others that share its span. It is measured by mean average
precision, and over whole videos by ``triad evaluate localization``."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/tsu", protocol="cross_subject")
train_dataloader.dataset.update(data, multi_label=True)
val_dataloader.dataset.update(data, multi_label=True)
test_dataloader.dataset.update(data, multi_label=True)
train_dataloader.dataset.augmentation.update(flip=0.0, rotate=45.0, tilt=15.0, roll=15.0, scale=0.1)
