"""SGD with a cosine learning rate (Duan et al. 2022, PYSKL, whose 16 epochs draw every sample five times)."""

from mmengine.config import read_base
from mmengine.optim import CosineAnnealingLR

with read_base():
    from .sgd_steps import *

train_cfg.update(max_epochs=80)
optim_wrapper.optimizer.update(weight_decay=5e-4)
param_scheduler = [dict(type=CosineAnnealingLR, T_max=80, eta_min=0.0, convert_to_iter_based=True)]
