"""The body and feet of COCO-WholeBody (Jin et al. 2020, Whole-Body Human Pose Estimation in the Wild), in pixels.

They are the first 23 of its 133 keypoints; the others are the face and the fingers.
"""

from triad.modalities.skeleton.layouts.coco import COCO17
from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_FOOT = ("big_toe", "small_toe", "heel")
_JOINTS = (*COCO17.joints, *(f"left_{joint}" for joint in _FOOT), *(f"right_{joint}" for joint in _FOOT))

WHOLEBODY23 = Layout(
    name="wholebody23",
    joints=_JOINTS,
    parents=(*COCO17.parents, 15, 15, 15, 16, 16, 16),
    mirror=mirror_pairs(_JOINTS),
    torso=COCO17.torso,
    dims=2,
)
