"""The 15 annotated joints of J-HMDB (Jhuang et al. 2013, Towards Understanding Action Recognition), in pixels."""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("neck", "belly", "face", "right_shoulder", "left_shoulder", "right_hip", "left_hip"),
    *("right_elbow", "left_elbow", "right_knee", "left_knee"),
    *("right_wrist", "left_wrist", "right_ankle", "left_ankle"),
)

JHMDB15 = Layout(
    name="jhmdb15",
    joints=_JOINTS,
    parents=(-1, 0, 0, 0, 0, 1, 1, 3, 4, 5, 6, 7, 8, 9, 10),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (1,)),
    dims=2,
)
