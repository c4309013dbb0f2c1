"""The 17 commonly used joints of Human3.6M (Ionescu et al. 2014, Human3.6M), in metres.

``neck_base`` is the dataset's Neck/Nose: above the middle of the shoulders (``thorax``), below the ``head``.
"""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("spine", "thorax", "neck_base", "head"),
    *("left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
)

H36M17 = Layout(
    name="h36m17",
    joints=_JOINTS,
    parents=(-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 9, 8, 11, 12, 8, 14, 15),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (8,)),
    dims=3,
)
