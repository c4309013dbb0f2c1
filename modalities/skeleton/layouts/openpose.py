"""OpenPose's keypoints (Cao et al. 2019, OpenPose: Realtime Multi-Person 2D Pose Estimation), in pixels.

``openpose18`` is the layout of Kinetics-skeleton; its hips are children of the shoulders, as in ST-GCN's graph.
``openpose25`` is BODY_25, with the middle of the hips and the feet.
"""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_BODY18 = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
_BODY25 = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("mid_hip", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
    *("left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel"),
)

OPENPOSE18 = Layout(
    name="openpose18",
    joints=_BODY18,
    parents=(1, -1, 1, 2, 3, 1, 5, 6, 2, 8, 9, 5, 11, 12, 0, 0, 14, 15),
    mirror=mirror_pairs(_BODY18),
    torso=((8, 11), (1,)),
    dims=2,
)
OPENPOSE25 = Layout(
    name="openpose25",
    joints=_BODY25,
    parents=(1, 8, 1, 2, 3, 1, 5, 6, -1, 8, 9, 10, 8, 12, 13, 0, 0, 15, 16, 14, 19, 14, 11, 22, 11),
    mirror=mirror_pairs(_BODY25),
    torso=((8,), (1,)),
    dims=2,
)
