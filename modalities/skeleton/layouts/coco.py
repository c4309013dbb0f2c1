"""COCO's 17 keypoints (Lin et al. 2014, Microsoft COCO), in pixels; the root is the nose, as in mmaction2's graph."""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
)

COCO17 = Layout(
    name="coco17",
    joints=_JOINTS,
    parents=(-1, 0, 0, 1, 2, 0, 0, 5, 6, 7, 8, 5, 6, 11, 12, 13, 14),
    mirror=mirror_pairs(_JOINTS),
    torso=((5, 6), (11, 12)),
    dims=2,
)
