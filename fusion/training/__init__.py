"""mmengine's Runner as this project drives it: configs checked and completed, exact resume, predictions out.

May import: ``modalities``, ``fusion.data``, ``fusion.models``, ``fusion.evaluation``.
"""

from fusion.training.checkpoint_hook import SafeCheckpointHook
from fusion.training.class_counts_hook import ClassCountsHook
from fusion.training.hooks import PlainCheckpointHook, ProgressHook, SeedHook
from fusion.training.metric import ActionMetric

__all__ = ["ActionMetric", "ClassCountsHook", "PlainCheckpointHook", "ProgressHook", "SafeCheckpointHook", "SeedHook"]
