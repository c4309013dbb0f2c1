"""AdamW with a one-cycle learning rate low enough for pre-trained weights, 30 epochs."""

from mmengine.config import read_base

with read_base():
    from .adamw_onecycle import *

train_cfg.update(max_epochs=30, val_interval=5)
optim_wrapper.optimizer.update(lr=3e-4)
param_scheduler[0].update(eta_max=3e-4)
