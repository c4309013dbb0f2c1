"""RGB and depth of one's own recordings, a network each; the answer is the mean of their log-probabilities."""

from mmengine.config import read_base

with read_base():
    from .._base_.streams.rgb import *
    from .r2plus1d_small_table import *

streams = model.streams = dict(rgb=rgb, depth=depth)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
