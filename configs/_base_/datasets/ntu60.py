"""NTU RGB+D 60: skeletons of 60 actions, up to two persons a clip; test persons are not in training."""

from mmengine.config import read_base

with read_base():
    from ..loaders import *

data = dict(index="data/ntu60", protocol="cross_subject")
train_dataloader.dataset.update(data)
val_dataloader.dataset.update(data)
test_dataloader.dataset.update(data)
train_dataloader.dataset.augmentation.update(flip=0.0)
train_dataloader.update(batch_size=64, num_workers=8)
auto_scale_lr.update(base_batch_size=64)
val_dataloader.update(batch_size=64, num_workers=4)
test_dataloader.update(batch_size=64, num_workers=4)
