"""The 25 joints of Kinect v2 as NTU RGB+D numbers them (Shahroudy et al. 2016), in metres.

Two trees of the hands are in use: hand tip and thumb are both children of the hand (mmaction2, pyskl: ``ntu25``), or
the thumb is a child of the hand and the tip a child of the thumb (ST-GCN, 2s-AGCN, CTR-GCN: ``ntu25_agcn``).
"""

from dataclasses import replace

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("spine_base", "spine_mid", "neck", "head"),
    *("left_shoulder", "left_elbow", "left_wrist", "left_hand"),
    *("right_shoulder", "right_elbow", "right_wrist", "right_hand"),
    *("left_hip", "left_knee", "left_ankle", "left_foot"),
    *("right_hip", "right_knee", "right_ankle", "right_foot"),
    *("spine_shoulder", "left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb"),
)
_BODY = (1, 20, 20, 2, 20, 4, 5, 6, 20, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18, -1)

NTU25 = Layout(
    name="ntu25",
    joints=_JOINTS,
    parents=(*_BODY, 7, 7, 11, 11),
    mirror=mirror_pairs(_JOINTS),
    torso=((0,), (20,)),
    dims=3,
)
NTU25_AGCN = replace(NTU25, name="ntu25_agcn", parents=(*_BODY, 22, 7, 24, 11))
