"""Device transforms of skeletons: steps over ``[B, M, T, V, C]``, one file each, and the two transforms that use them.

``SkeletonTransform`` applies the steps and the augmentation for graph and recurrent networks; ``HeatmapTransform``
draws 2D joints for video networks. Usual order of the steps: ``InterpolateMissing``, ``AlignView``, ``CenterOnRoot``,
``ScaleByTorso`` (in 3D before the augmentation), then ``ToBones``, ``ToMotion``, or ``Branches`` of several.
"""

from triad.modalities.skeleton.transforms.align_view import AlignView
from triad.modalities.skeleton.transforms.apply_view import apply_view, apply_view_to_poses
from triad.modalities.skeleton.transforms.branches import Branches
from triad.modalities.skeleton.transforms.center_on_root import CenterOnRoot
from triad.modalities.skeleton.transforms.heatmap_transform import HeatmapTransform
from triad.modalities.skeleton.transforms.interpolate_missing import InterpolateMissing
from triad.modalities.skeleton.transforms.mirror_left_handed import MirrorLeftHanded
from triad.modalities.skeleton.transforms.pose_step import PoseStep
from triad.modalities.skeleton.transforms.scale_by_torso import ScaleByTorso
from triad.modalities.skeleton.transforms.skeleton_transform import SkeletonTransform
from triad.modalities.skeleton.transforms.to_bones import ToBones
from triad.modalities.skeleton.transforms.to_motion import ToMotion

__all__ = [
    "AlignView",
    "Branches",
    "CenterOnRoot",
    "HeatmapTransform",
    "InterpolateMissing",
    "MirrorLeftHanded",
    "PoseStep",
    "ScaleByTorso",
    "SkeletonTransform",
    "ToBones",
    "ToMotion",
    "apply_view",
    "apply_view_to_poses",
]
