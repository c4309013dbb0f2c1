"""The 20 joints of Kinect v1 as Northwestern-UCLA numbers them (Wang et al. 2014), in metres."""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("hip_center", "spine", "shoulder_center", "head"),
    *("left_shoulder", "left_elbow", "left_wrist", "left_hand"),
    *("right_shoulder", "right_elbow", "right_wrist", "right_hand"),
    *("left_hip", "left_knee", "left_ankle", "left_foot"),
    *("right_hip", "right_knee", "right_ankle", "right_foot"),
)

KINECT20 = Layout(
    name="kinect20",
    joints=_JOINTS,
    parents=(1, 2, -1, 2, 2, 4, 5, 6, 2, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (2,)),
    dims=3,
)
