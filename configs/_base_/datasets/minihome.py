"""MiniHome, the embedded simulated flat: 160×120, 15 frames per second, 2 seconds; test persons are not in training."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/minihome", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.augmentation.update(area=0.8, flip=0.5, color=0.2, rotate=20.0)
