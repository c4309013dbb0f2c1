"""Flow of the fast RAFT-small alone on J-HMDB, otherwise as DIS flow.

Mean class accuracy 39.9 and 40.7 on splits 1 and 2, where DIS has 38.8 and 42.6 (README, Results).
"""

from mmengine.config import read_base

with read_base():
    from .r2plus1d_small_jhmdb import *

streams = model.streams = dict(flow_raft_small_fast=flow)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
