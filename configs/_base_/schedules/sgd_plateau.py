"""SGD with momentum whose learning rate falls by ten when the validation stops rising (Das et al. 2020, VPN)."""

from mmengine.config import read_base
from torch.optim import SGD

with read_base():
    from .adam_plateau import *

optim_wrapper.update(optimizer=dict(type=SGD, lr=0.01, momentum=0.9), clip_grad=None)
param_scheduler[0].update(patience=5)
