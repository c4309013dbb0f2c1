"""Training and testing with mmengine's Runner: exact resume, safe checkpoints, predictions as a result.

Configs live in ``config``, hooks in ``hooks``, metrics in ``metrics``.
"""

from triad.fusion.training.hooks import (
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
from triad.fusion.training.metrics import ActionMetric

__all__ = [
    "ActionMetric",
    "ClassCountsHook",
    "FiniteTrainingHook",
    "LearningCurvesHook",
    "PlainCheckpointHook",
    "ProgressHook",
    "SafeCheckpointHook",
    "SeedHook",
    "SharedStreamsHook",
    "StartWeightsHook",
    "SummaryHook",
]
