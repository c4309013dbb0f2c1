"""What happens to a batch of skeletons on the device: the view, then steps, one file each.

May import: torch, ``modalities.registry``, ``checks`` and ``warp``, and ``modalities.skeleton.layouts``. A new step is
its file and one line here. Usual order: ``InterpolateMissing``, ``AlignView``, ``CenterOnRoot``, ``ScaleByTorso`` (in
3D before the view), then ``ToBones``, ``ToMotion`` (bone motion is both, in this order), ``ToAngles`` or ``Branches``
of them. ``HeatmapTransform`` draws 2D joints for video networks instead.
"""

from modalities.skeleton.transforms.align import AlignView
from modalities.skeleton.transforms.angles import ToAngles
from modalities.skeleton.transforms.apply_view import apply_view
from modalities.skeleton.transforms.base import PoseStep
from modalities.skeleton.transforms.bones import ToBones
from modalities.skeleton.transforms.box import ScaleByCanvas, ScaleToBox
from modalities.skeleton.transforms.branches import Branches
from modalities.skeleton.transforms.center import CenterOnRoot
from modalities.skeleton.transforms.interpolate_missing import InterpolateMissing
from modalities.skeleton.transforms.mirror_left_handed import MirrorLeftHanded
from modalities.skeleton.transforms.motion import ToMotion
from modalities.skeleton.transforms.pipeline import SkeletonTransform
from modalities.skeleton.transforms.scale import ScaleByTorso
from modalities.skeleton.transforms.to_heatmaps import HeatmapTransform

__all__ = [
    "AlignView",
    "Branches",
    "CenterOnRoot",
    "HeatmapTransform",
    "InterpolateMissing",
    "MirrorLeftHanded",
    "PoseStep",
    "ScaleByCanvas",
    "ScaleByTorso",
    "ScaleToBox",
    "SkeletonTransform",
    "ToAngles",
    "ToBones",
    "ToMotion",
    "apply_view",
]
