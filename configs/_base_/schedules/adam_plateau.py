"""Adam whose learning rate falls by ten when the validation stops rising (Das et al. 2019, separable STA and P-I3D)."""

from mmengine.optim import OptimWrapper, ReduceOnPlateauLR
from mmengine.runner import EpochBasedTrainLoop, TestLoop, ValLoop
from torch.optim import Adam

train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=50, val_interval=1)
val_cfg = dict(type=ValLoop)
test_cfg = dict(type=TestLoop)
optim_wrapper = dict(type=OptimWrapper, optimizer=dict(type=Adam, lr=1e-3), clip_grad=dict(max_norm=1.0))
param_scheduler = [dict(type=ReduceOnPlateauLR, monitor="mean_class_accuracy", rule="greater", factor=0.1, patience=7)]
