"""Transforms of batches of skeletons, on the device, one file each.

May import: torch, ``modalities.registry``, ``modalities.checks`` and ``modalities.skeleton.layouts``. A new one is its
file and one line here. Usual order: ``FillLost``, ``CenterOnRoot``, ``ScaleByTorso``, then ``ToBones``, ``ToMotion``.
"""

from modalities.skeleton.transforms.base import PoseTransform, apply_transforms, seen_joints
from modalities.skeleton.transforms.bones import ToBones
from modalities.skeleton.transforms.center import CenterOnRoot
from modalities.skeleton.transforms.fill import FillLost
from modalities.skeleton.transforms.motion import ToMotion
from modalities.skeleton.transforms.scale import ScaleByTorso
from modalities.skeleton.transforms.view import apply_view

__all__ = [
    "CenterOnRoot",
    "FillLost",
    "PoseTransform",
    "ScaleByTorso",
    "ToBones",
    "ToMotion",
    "apply_transforms",
    "apply_view",
    "seen_joints",
]
