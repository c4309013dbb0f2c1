"""Toyota Smarthome for video networks: square boxes in training, mirrored, and square crops at test."""

from mmengine.config import read_base

with read_base():
    from ..square_crops import *
    from .smarthome import *

train_dataloader.dataset.augmentation.update(aspect=1.0, area=0.5, flip=0.5)
val_dataloader.dataset.update(crop_views=crop_views)
test_dataloader.dataset.update(crop_views=crop_views)
