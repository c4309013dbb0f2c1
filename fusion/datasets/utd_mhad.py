"""UTD-MHAD: Chen et al. 2015, a Multimodal Dataset for Human Action Recognition Utilizing a Depth Camera and a
Wearable Inertial Sensor.

On disk: ``a{1..27}_s{1..8}_t{1..4}_skeleton.mat`` anywhere below the source (``d_skel``, ``(20, 3, T)`` metres), and
``a…_s…_t…_color.avi``; either may be missing. Depth and inertial files are not read. 861 recordings: the authors left
out three damaged ones.

Protocols: the authors train on the odd subjects; subject 7 of them validates.
"""

from __future__ import annotations

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_field, leave_one_out
from triad.fusion.datasets.clip_preparer import ClipPreparer
from triad.modalities.skeleton.readers import read_utd

ACTIONS = (
    *("swipe_left", "swipe_right", "wave", "clap", "throw", "cross_arms", "basketball_shoot", "draw_x"),
    *("draw_circle_clockwise", "draw_circle_counter_clockwise", "draw_triangle", "bowling", "boxing"),
    *("baseball_swing", "tennis_forehand", "arm_curl", "tennis_serve", "push", "knock", "catch"),
    *("pick_up_and_throw", "jog", "walk", "sit_to_stand", "stand_to_sit", "lunge", "squat"),
)
"""Names of the actions, that of ``a1`` first."""

UTD_MHAD = Dataset(
    name="utd_mhad",
    files="a{A}_s{S}_t{T}_skeleton.mat, a{A}_s{S}_t{T}_color.avi.",
    prepare=ClipPreparer(
        name="utd_mhad",
        classes=ACTIONS,
        source="Chen et al. 2015, UTD-MHAD: a Multimodal Dataset for Human Action Recognition",
        pattern=r"a(?P<action>[1-9]|1\d|2[0-7])_s(?P<subject>[1-8])_t(?P<repetition>[1-4])",
        file_names="a{A}_s{S}_t{T}_skeleton.mat or a{A}_s{S}_t{T}_color.avi",
        skeleton="_skeleton.mat",
        video=("_color.avi",),
        read=read_utd,
        layout="kinect20",
        fps=30.0,  # the Kinect's, according to the paper
    ).prepare,
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_subject": by_field("subject", val={"s7"}, test={"s2", "s4", "s6", "s8"}),
        **leave_one_out("subject", tuple(f"s{number}" for number in range(1, 9))),
    },
    published_counts={"cross_subject": {"train+val": 431, "test": 430}},
)
