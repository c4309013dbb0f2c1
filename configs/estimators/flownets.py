"""FlowNetS (Dosovitskiy et al. 2015) with batch normalisation, 38.7 million parameters: for a GPU.

    python tools/train.py configs/estimators/flownets.py --data data/minihome --work-dir work_dirs/flownets \
        --cfg-options train_dataloader.dataset.background_dataset=data/jhmdb
    python tools/extract.py OUT --flow flownets@240 --weights work_dirs/flownets/best_epe_moving_epoch_100.pth
    python tools/evaluate.py flow data/minihome --flow flownets@240 --weights …

On two cores, ``model.network.width=0.25`` (2.4 million) ``train_cfg.max_epochs=16 train_cfg.val_interval=4``, 47
minutes. End-point error in pixels (seed 0, November 2026; 12th epoch, chosen by validation; no motion in brackets):
MiniHome at 240, a person who is new to it, where something moves 1.89 (2.51), everywhere .159 (.029); Middlebury:
Dimetrodon .94 (2.06), Grove2 1.36 (3.09), RubberWhale .94 (1.26), Urban2 7.86 (8.39).
"""

from mmengine.config import read_base

from fusion.estimators.flow.metric import FlowMetric
from fusion.estimators.flow.model import FlowModel
from modalities.flow.networks import FlowNetS

with read_base():
    from .._base_.datasets.flow_pairs import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *

model = dict(type=FlowModel, network=dict(type=FlowNetS, width=1.0))
train_cfg.update(max_epochs=100, val_interval=1)
optim_wrapper.optimizer.update(lr=1e-3, weight_decay=4e-4)
param_scheduler[0].update(eta_max=1e-3, pct_start=0.1)
train_dataloader.dataset.update(
    max_shift=8.0, static_ratio=0.0
)  # with still backgrounds or far motion it does not begin to learn
default_hooks["checkpoint"].update(save_best="epe_moving", rule="less")
val_evaluator = test_evaluator = dict(type=FlowMetric)
