"""SGD with Nesterov momentum, warm-up and two steps (Chen et al. 2021, CTR-GCN, on NTU RGB+D 60)."""

from mmengine.optim import LinearLR, MultiStepLR, OptimWrapper
from mmengine.runner import EpochBasedTrainLoop, TestLoop, ValLoop
from torch.optim import SGD

train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=65, val_interval=5)
val_cfg = dict(type=ValLoop)
test_cfg = dict(type=TestLoop)
optim_wrapper = dict(
    type=OptimWrapper, optimizer=dict(type=SGD, lr=0.1, momentum=0.9, nesterov=True, weight_decay=4e-4)
)
param_scheduler = [
    dict(type=LinearLR, start_factor=0.2, end=5, convert_to_iter_based=True),
    dict(type=MultiStepLR, milestones=[35, 55], gamma=0.1),
]
