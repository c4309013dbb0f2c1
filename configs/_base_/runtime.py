"""What every training shares: CPU by default, one GPU in bfloat16 where there is one, exact resume."""

from mmengine.hooks import (
    DistSamplerSeedHook,
    IterTimerHook,
    LoggerHook,
    ParamSchedulerHook,
    RuntimeInfoHook,
    SyncBuffersHook,
)

from fusion.training import (
    ActionMetric,
    ClassCountsHook,
    PlainCheckpointHook,
    ProgressHook,
    SafeCheckpointHook,
    SeedHook,
)

default_scope = None
work_dir = "work_dirs"
randomness = dict(seed=0)
env_cfg = dict(mp_cfg=dict(mp_start_method="fork", opencv_num_threads=1), dist_cfg=dict(backend="nccl"))
default_hooks = dict(
    runtime_info=dict(type=RuntimeInfoHook),
    timer=dict(type=IterTimerHook),
    sampler_seed=dict(type=DistSamplerSeedHook),
    logger=dict(type=LoggerHook, interval=50),
    param_scheduler=dict(type=ParamSchedulerHook),
    checkpoint=dict(
        type=SafeCheckpointHook, interval=1, max_keep_ckpts=1, save_best="mean_class_accuracy", rule="greater"
    ),
)
custom_hooks = [
    dict(type=SeedHook),
    dict(type=ClassCountsHook),  # for losses that weigh classes; from the training split, never by hand
    dict(type=SyncBuffersHook),  # of several processes, which see different batches
    dict(type=PlainCheckpointHook),
    dict(type=ProgressHook),
]
val_evaluator = test_evaluator = dict(type=ActionMetric)
