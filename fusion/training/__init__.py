"""mmengine's Runner as this project drives it: configs checked and completed, exact resume, predictions out.

May import: ``modalities``, ``fusion.data``, ``fusion.models``, ``fusion.evaluation``.
"""

from fusion.training.hooks.class_counts_hook import ClassCountsHook
from fusion.training.hooks.hooks import PlainCheckpointHook, ProgressHook, SeedHook
from fusion.training.hooks.safe_checkpoint_hook import SafeCheckpointHook
from fusion.training.metrics.action_metric import ActionMetric

__all__ = ["ActionMetric", "ClassCountsHook", "PlainCheckpointHook", "ProgressHook", "SafeCheckpointHook", "SeedHook"]
