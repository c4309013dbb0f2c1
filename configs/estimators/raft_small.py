"""RAFT-small (Teed & Deng 2020) on torchvision's modules, 0.99 million parameters.

    python tools/train.py configs/estimators/raft_small.py --data data/minihome --work-dir work_dirs/raft_small \
        --cfg-options train_dataloader.dataset.pictures=data/jhmdb
    python tools/extract.py OUT --flow raft_small --weights work_dirs/raft_small/best_epe_moving_epoch_100.pth

On two cores: ``model.network.iterations=6``, ``train_dataloader.batch_size=4``, ``train_cfg.max_epochs=2``.
"""

from mmengine.config import read_base

from fusion.models.flow import FlowModel
from fusion.training.flow_metric import FlowMetric
from modalities.flow.networks import RaftSmall

with read_base():
    from .._base_.datasets.flow_pairs import *
    from .._base_.runtime import *
    from .._base_.schedules.adamw_onecycle import *

model = dict(type=FlowModel, network=dict(type=RaftSmall, iterations=12))
train_cfg.update(max_epochs=100, val_interval=1)
optim_wrapper.optimizer.update(lr=4e-4, weight_decay=1e-4)
optim_wrapper.clip_grad.update(max_norm=1.0)
param_scheduler[0].update(eta_max=4e-4, pct_start=0.05)
default_hooks["checkpoint"].update(save_best="epe_moving", rule="less")
val_evaluator = test_evaluator = dict(type=FlowMetric)
