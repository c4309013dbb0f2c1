"""MiniHome in videos of a minute, labelled at every step of their features; test persons are not in training.

A sample of training is a random piece of a video, of validation and test a whole one; a step may show several
classes. It is measured by mean average precision, and over time by ``triad evaluate localization``."""

from mmengine.config import read_base

with read_base():
    from ..frame_loaders import *

data = dict(index="data/minihome_untrimmed", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
