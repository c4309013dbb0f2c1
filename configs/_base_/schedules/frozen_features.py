"""Fusion modules and heads on features of frozen encoders, which are computed once: minutes on two cores."""

from mmengine.config import read_base

from triad.fusion.training.frozen_feature_loop import FrozenFeatureLoop

with read_base():
    from .adamw_onecycle import *

train_cfg = dict(type=FrozenFeatureLoop, max_epochs=20, passes=2, val_interval=20)
optim_wrapper.optimizer.update(lr=1e-3)
param_scheduler[0].update(eta_max=1e-3)
