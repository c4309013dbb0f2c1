"""The 15 joints of Florence 3D Actions (Seidenari et al. 2013), in metres.

The files do not name the joints. Measured on all 3,802 frames: 0–2 lie one below the other (head 41 cm, neck 19 cm
above the spine), 3–5 and 6–8 fall from shoulder height to hip height (arms), 9–11 and 12–14 from the hips to the floor
(legs), and 3–5 are on the same side as 9–11. The second arm is the right one: it is lifted higher in 50 of the 67
recordings of waving, drinking and answering the phone.
"""

from triad.modalities.skeleton.layouts.layout import Layout, mirror_pairs

_JOINTS = (
    *("head", "neck", "spine"),
    *("left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
    *("left_hip", "left_knee", "left_ankle", "right_hip", "right_knee", "right_ankle"),
)

FLORENCE15 = Layout(
    name="florence15",
    joints=_JOINTS,
    parents=(1, 2, -1, 1, 3, 4, 1, 6, 7, 2, 9, 10, 2, 12, 13),
    mirror=mirror_pairs(_JOINTS),
    torso=((9, 12), (1,)),
    dims=3,
)
