"""AdamW with a one-cycle learning rate (Smith & Topin 2018, Super-Convergence); leaves set epochs and peak."""

from mmengine.optim import OneCycleLR, OptimWrapper
from mmengine.runner import EpochBasedTrainLoop, TestLoop, ValLoop
from torch.optim import AdamW

train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=8, val_interval=4)
val_cfg = dict(type=ValLoop)
test_cfg = dict(type=TestLoop)
optim_wrapper = dict(
    type=OptimWrapper, optimizer=dict(type=AdamW, lr=3e-3, weight_decay=0.05), clip_grad=dict(max_norm=5.0)
)
param_scheduler = [dict(type=OneCycleLR, eta_max=3e-3, pct_start=0.2, convert_to_iter_based=True)]
