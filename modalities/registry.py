"""The one pair of registries of ours, direct children of mmengine's roots.

Configs name classes (``type=SmallR2Plus1d``), so look-up by string is a convenience, never a need. Third-party
models enter through adapters that call their class; nothing of theirs is registered here.
"""

from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import Registry

MODELS = Registry(
    "model",
    parent=MMENGINE_MODELS,
    scope="triad",
    locations=["modalities.video_encoders", "modalities.skeleton.encoders", "fusion.models", "fusion.heads"],
)
DATASETS = Registry("dataset", parent=MMENGINE_DATASETS, scope="triad", locations=["fusion.data.dataset"])
TRANSFORMS = Registry(
    "transform", parent=MMENGINE_TRANSFORMS, scope="triad", locations=["modalities.skeleton.transforms"]
)
