"""One network over the concatenated features of RGB, flow and skeleton, on MiniHome untrimmed; leaves set it."""

from mmengine.config import read_base

from triad.fusion.models import FramewiseRecognizer

with read_base():
    from .datasets.minihome_untrimmed import *
    from .runtime import *
    from .schedules.adamw_onecycle import *
    from .streams.features import *

streams = dict(features_rgb=features_rgb, features_flow_dis=features_flow_dis, features_skeleton=features_skeleton)
model = dict(
    type=FramewiseRecognizer,
    streams=streams,
    num_classes=16,
    heads=dict(features_flow_dis=None, features_skeleton=None),
    loss="bce",
)
train_dataloader.dataset.streams = val_dataloader.dataset.streams = test_dataloader.dataset.streams = streams
train_cfg.update(max_epochs=10, val_interval=2)
optim_wrapper.optimizer.update(lr=1e-3)
param_scheduler[0].update(eta_max=1e-3)
default_hooks.checkpoint.update(save_best="mean_average_precision")
