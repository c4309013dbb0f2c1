"""The 26 body keypoints of Halpe (Fang et al. 2022, AlphaPose), in pixels; the root is the middle of the hips.

``head`` is the top of the head.
"""

from triad.modalities.skeleton.layouts.coco import COCO17
from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *COCO17.joints,
    *("head", "neck", "mid_hip"),
    *("left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe", "left_heel", "right_heel"),
)
_BODY = (18, 0, 0, 1, 2, 18, 18, 5, 6, 7, 8, 19, 19, 11, 12, 13, 14)

HALPE26 = Layout(
    name="halpe26",
    joints=_JOINTS,
    parents=(*_BODY, 0, 19, -1, 15, 16, 15, 16, 15, 16),
    mirror=mirror_pairs(_JOINTS),
    torso=((19,), (18,)),
    dims=2,
)
