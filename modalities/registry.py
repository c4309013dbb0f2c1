"""The registries of this project, direct children of mmengine's roots, scope ``triad``.

Configs name classes (``type=SmallR2Plus1d``) or strings (``type="triad.SmallR2Plus1d"``); both build the same object.
Third-party models enter through adapters that call their class; nothing of theirs is registered here.
"""

from mmengine.registry import DATA_SAMPLERS as MMENGINE_DATA_SAMPLERS
from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import RUNNERS as MMENGINE_RUNNERS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import Registry

from triad.modalities.modality import MODALITIES


def _child(parent: Registry, *modules: str) -> Registry:
    """Return a child registry that imports ``modules`` at the first look-up by string."""
    return Registry(parent.name, parent=parent, scope="triad", locations=list(modules))


MODELS = _child(
    MMENGINE_MODELS,
    "triad.modalities.video_encoders",
    "triad.modalities.skeleton.encoders",
    "triad.modalities.skeleton.lifting",
    "triad.modalities.flow.networks",
    "triad.modalities.objects.encoder",
    "triad.fusion.attention",
    "triad.fusion.heads",
    "triad.fusion.models",
    "triad.fusion.estimators.flow.model",
    "triad.fusion.estimators.lifting.model",
)
"""Encoders, attention, heads, recognizers, and networks that estimate."""
DATASETS = _child(
    MMENGINE_DATASETS,
    "triad.fusion.data.dataset",
    "triad.fusion.estimators.flow.pairs",
    "triad.fusion.estimators.lifting.dataset",
)
TRANSFORMS = _child(
    MMENGINE_TRANSFORMS,
    "triad.modalities.augmentation",
    *(f"triad.modalities.{modality}.{step}" for modality in MODALITIES for step in ("reader", "transforms")),
    "triad.fusion.data.temporal_sampler",
    "triad.fusion.transforms",
)
"""Readers, samplers of times, augmentations, and transforms on the device: the steps from a file to a network."""
DATA_SAMPLERS = _child(MMENGINE_DATA_SAMPLERS, "triad.fusion.data.class_sampler")
FUNCTIONS = _child(
    MMENGINE_FUNCTIONS,
    "triad.fusion.data.collate",
    "triad.fusion.estimators.flow.pairs",
    "triad.fusion.estimators.lifting",
)
"""Functions that put samples together to a batch."""
HOOKS = _child(MMENGINE_HOOKS, "triad.fusion.training.hooks")
LOOPS = _child(MMENGINE_LOOPS, "triad.fusion.training.loops")
METRICS = _child(
    MMENGINE_METRICS,
    "triad.fusion.training.metrics",
    "triad.fusion.estimators.flow.metric",
    "triad.fusion.estimators.lifting.metric",
)
RUNNERS = _child(MMENGINE_RUNNERS, "triad.fusion.training.triad_runner")
