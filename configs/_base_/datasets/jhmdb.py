"""J-HMDB, 14 classes: 320×240, 30 frames per second, 15–40 frames; test source videos are not in training."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/jhmdb", protocol="split1")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.temporal_sampler.update(min_span_ratio=0.7)
train_dataloader.dataset.augmentation.update(area=0.5, flip=0.5, color=0.2)
