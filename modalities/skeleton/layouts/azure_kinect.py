"""The 32 joints of the Azure Kinect body tracking SDK (Microsoft 2019), in metres."""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_ARM = ("clavicle", "shoulder", "elbow", "wrist", "hand", "hand_tip", "thumb")
_LEG = ("hip", "knee", "ankle", "foot")
_JOINTS = (
    *("pelvis", "spine_navel", "spine_chest", "neck"),
    *(f"left_{joint}" for joint in _ARM),
    *(f"right_{joint}" for joint in _ARM),
    *(f"left_{joint}" for joint in _LEG),
    *(f"right_{joint}" for joint in _LEG),
    *("head", "nose", "left_eye", "left_ear", "right_eye", "right_ear"),
)
_ARM_PARENTS = (2, 4, 5, 6, 7, 8, 7, 2, 11, 12, 13, 14, 15, 14)
_LEG_PARENTS = (0, 18, 19, 20, 0, 22, 23, 24)

AZURE_KINECT32 = Layout(
    name="azure_kinect32",
    joints=_JOINTS,
    parents=(-1, 0, 1, 2, *_ARM_PARENTS, *_LEG_PARENTS, 3, 26, 26, 26, 26, 26),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (5, 12)),
    dims=3,
)
