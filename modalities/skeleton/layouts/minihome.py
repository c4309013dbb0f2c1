"""MiniHome's 16 joints, as its simulated depth camera measures them, in metres."""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("pelvis", "spine", "neck", "head"),
    *("left_shoulder", "left_elbow", "left_wrist"),
    *("right_shoulder", "right_elbow", "right_wrist"),
    *("left_hip", "left_knee", "left_ankle"),
    *("right_hip", "right_knee", "right_ankle"),
)

MINIHOME16 = Layout(
    name="minihome16",
    joints=_JOINTS,
    parents=(-1, 0, 1, 2, 2, 4, 5, 2, 7, 8, 0, 10, 11, 0, 13, 14),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (2,)),
    dims=3,
)
