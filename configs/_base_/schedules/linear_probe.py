"""Linear probe: encoders stay as they are, heads are fitted on their features; minutes on two cores."""

from mmengine.optim import OptimWrapper
from mmengine.runner import TestLoop, ValLoop
from torch.optim import SGD

from triad.fusion.training.loops import LinearProbeLoop

train_cfg = dict(type=LinearProbeLoop, passes=1)
val_cfg = dict(type=ValLoop)
test_cfg = dict(type=TestLoop)
optim_wrapper = dict(type=OptimWrapper, optimizer=dict(type=SGD, lr=0.0))  # mmengine asks for one; it is never stepped
param_scheduler = []
