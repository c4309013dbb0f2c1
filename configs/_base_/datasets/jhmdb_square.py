"""J-HMDB for networks with a square input: square boxes in training, and square crops at test."""

from mmengine.config import read_base

with read_base():
    from ..square_crops import *
    from .jhmdb import *

train_dataloader.dataset.augmentation.update(aspect=crop_views.aspect)
val_dataloader.dataset.update(crop_views=crop_views)
test_dataloader.dataset.update(crop_views=crop_views)
