"""mmengine hooks: exact resume, safe checkpoints, class counts, progress."""

from fusion.training.hooks.class_counts_hook import ClassCountsHook
from fusion.training.hooks.hooks import PlainCheckpointHook, ProgressHook, SeedHook
from fusion.training.hooks.safe_checkpoint_hook import SafeCheckpointHook

__all__ = ["ClassCountsHook", "PlainCheckpointHook", "ProgressHook", "SafeCheckpointHook", "SeedHook"]
