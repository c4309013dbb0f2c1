"""Runtime of every training: exact resume, safe checkpoints, best checkpoint by mean class accuracy."""

from mmengine.hooks import (
    DistSamplerSeedHook,
    IterTimerHook,
    LoggerHook,
    ParamSchedulerHook,
    RuntimeInfoHook,
    SyncBuffersHook,
)
from mmengine.visualization import LocalVisBackend, Visualizer

from triad.fusion.training import (
    ActionMetric,
    ClassCountsHook,
    FiniteTrainingHook,
    LearningCurvesHook,
    PlainCheckpointHook,
    ProgressHook,
    SafeCheckpointHook,
    SeedHook,
    SharedStreamsHook,
    StartWeightsHook,
    SummaryHook,
)

default_scope = None
work_dir = "work_dirs"
randomness = dict(seed=0)
env_cfg = dict(mp_cfg=dict(mp_start_method="fork", opencv_num_threads=1), dist_cfg=dict(backend="nccl"))
default_hooks = dict(
    runtime_info=dict(type=RuntimeInfoHook),
    timer=dict(type=IterTimerHook),
    sampler_seed=dict(type=DistSamplerSeedHook),
    logger=dict(type=LoggerHook, interval=50, ignore_last=False),
    param_scheduler=dict(type=ParamSchedulerHook),
    checkpoint=dict(
        type=SafeCheckpointHook, interval=1, max_keep_ckpts=1, save_best="mean_class_accuracy", rule="greater"
    ),
    shared_streams=dict(type=SharedStreamsHook),
    start_weights=dict(type=StartWeightsHook),  # classifiers by the names of their classes
    seed=dict(type=SeedHook),
    class_counts=dict(type=ClassCountsHook),  # counted in the training split, for losses that weigh classes
    sync_buffers=dict(type=SyncBuffersHook),  # batch statistics differ between processes
    finite=dict(type=FiniteTrainingHook),
    plain_checkpoint=dict(type=PlainCheckpointHook),
    progress=dict(type=ProgressHook),
    curves=dict(type=LearningCurvesHook),
    summary=dict(type=SummaryHook),
)
custom_hooks = []
visualizer = dict(type=Visualizer, vis_backends=[dict(type=LocalVisBackend)])
val_evaluator = test_evaluator = dict(type=ActionMetric)
