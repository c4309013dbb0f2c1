"""Toyota Smarthome's joints (Das et al. 2019, Toyota Smarthome), in metres; the files also give their pixels.

``smarthome13`` is the output of LCR-Net++; it lacks the middle of the hips, so its limbs meet at the head, as COCO's do
at the nose. ``smarthome15`` adds neck and middle of the hips, which is its root; ``smarthome15_agcn`` has the same
joints and the bones of 2s-AGCN's graph for this dataset, where every bone points to the head. ``smarthome17`` is UNIK's
(Yang et al. 2021), with nose and chest in addition.
"""

from dataclasses import replace

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_LCRNET = (
    *("right_ankle", "left_ankle", "right_knee", "left_knee", "right_hip", "left_hip"),
    *("right_wrist", "left_wrist", "right_elbow", "left_elbow", "right_shoulder", "left_shoulder", "head"),
)
_AGCN = (*reversed(_LCRNET), "neck", "mid_hip")
_UNIK = ("head", "nose", "neck", "chest", "mid_hip", *reversed(_LCRNET[:-1]))

SMARTHOME13 = Layout(
    name="smarthome13",
    joints=_LCRNET,
    parents=(2, 3, 4, 5, 10, 11, 8, 9, 10, 11, 12, 12, -1),
    mirror=mirror_pairs(_LCRNET),
    torso=((4, 5), (10, 11)),
    dims=3,
)
SMARTHOME15 = Layout(
    name="smarthome15",
    joints=_AGCN,
    parents=(13, 13, 13, 1, 2, 3, 4, 14, 14, 7, 8, 9, 10, 14, -1),
    mirror=mirror_pairs(_AGCN),
    torso=((14,), (13,)),
    dims=3,
)
SMARTHOME15_AGCN = replace(
    SMARTHOME15, name="smarthome15_agcn", parents=(-1, 13, 13, 1, 2, 3, 4, 14, 14, 7, 8, 9, 10, 0, 13)
)
SMARTHOME17 = Layout(
    name="smarthome17",
    joints=_UNIK,
    parents=(1, 2, 3, 4, -1, 2, 2, 5, 6, 7, 8, 4, 4, 11, 12, 13, 14),
    mirror=mirror_pairs(_UNIK),
    torso=((4,), (2,)),
    dims=3,
)
