"""mmengine hooks: exact resume, safe checkpoints, finite numbers, class counts, shared streams, progress, curves."""

from triad.fusion.training.hooks.class_counts_hook import ClassCountsHook
from triad.fusion.training.hooks.finite_training_hook import FiniteTrainingHook
from triad.fusion.training.hooks.learning_curves_hook import LearningCurvesHook
from triad.fusion.training.hooks.plain_checkpoint_hook import PlainCheckpointHook
from triad.fusion.training.hooks.progress_hook import ProgressHook
from triad.fusion.training.hooks.safe_checkpoint_hook import SafeCheckpointHook
from triad.fusion.training.hooks.seed_hook import SeedHook
from triad.fusion.training.hooks.shared_streams_hook import SharedStreamsHook
from triad.fusion.training.hooks.start_weights_hook import StartWeightsHook
from triad.fusion.training.hooks.summary_hook import SummaryHook

__all__ = [
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
