"""The 33 landmarks of MediaPipe's BlazePose (Bazarevsky et al. 2020, BlazePose), world landmarks in metres.

MediaPipe writes ``mouth_left``; here every side comes first. The root is the nose, as in COCO's graph.
"""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer"),
    *("left_ear", "right_ear", "left_mouth", "right_mouth"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_pinky", "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
    *("left_heel", "right_heel", "left_foot_index", "right_foot_index"),
)
_FACE = (-1, 0, 1, 2, 0, 4, 5, 3, 6, 0, 0)
_ARMS = (0, 0, 11, 12, 13, 14, 15, 16, 15, 16, 15, 16)
_LEGS = (11, 12, 23, 24, 25, 26, 27, 28, 27, 28)

BLAZEPOSE33 = Layout(
    name="blazepose33",
    joints=_JOINTS,
    parents=(*_FACE, *_ARMS, *_LEGS),
    mirror=mirror_pairs(_JOINTS),
    torso=((11, 12), (23, 24)),
    dims=3,
)
