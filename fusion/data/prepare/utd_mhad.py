"""UTD-MHAD: Chen et al. 2015, a Multimodal Dataset for Human Action Recognition Utilizing a Depth Camera and a
Wearable Inertial Sensor.

On disk: ``a{1..27}_s{1..8}_t{1..4}_skeleton.mat`` anywhere below the source (``d_skel``, ``(20, 3, T)`` metres), and
``a…_s…_t…_color.avi``; either may be missing. Depth and inertial files are not read. 861 recordings: the authors left
out three damaged ones.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fusion.data.prepare.building import Recording, Skeletons, build
from fusion.data.prepare.clips import Clip, Progress, find_clips
from modalities.skeleton.readers import read_utd_mhad

ACTIONS = (
    *("swipe_left", "swipe_right", "wave", "clap", "throw", "cross_arms", "basketball_shoot", "draw_x"),
    *("draw_circle_clockwise", "draw_circle_counter_clockwise", "draw_triangle", "bowling", "boxing"),
    *("baseball_swing", "tennis_forehand", "arm_curl", "tennis_serve", "push", "knock", "catch"),
    *("pick_up_and_throw", "jog", "walk", "sit_to_stand", "stand_to_sit", "lunge", "squat"),
)
"""Action 1 first."""
NAME = r"a(?P<action>[1-9]|1\d|2[0-7])_s(?P<subject>[1-8])_t(?P<repetition>[1-4])"
FPS = 30.0  # of the Kinect, says the paper


def prepare_utd_mhad(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder holds no recording of the dataset.
    """
    cure = "give the folder that holds a{A}_s{S}_t{T}_skeleton.mat or a{A}_s{S}_t{T}_color.avi"
    clips, dropped = find_clips(source, NAME, skeleton="_skeleton.mat", video=("_color.avi",), without=out, cure=cure)
    return build(
        out,
        (_recording(clip) for clip in progress(clips)),
        metainfo={
            "dataset": "utd_mhad",
            "classes": list(ACTIONS),
            "source": "Chen et al. 2015, UTD-MHAD: a Multimodal Dataset for Human Action Recognition",
        },
        skeletons=Skeletons(layout="kinect20", fps=FPS, dtype=dtype),
        dropped=dropped,
    )


def _recording(clip: Clip) -> Recording:
    record = {
        "id": clip.id,
        "label": int(clip.fields["action"]) - 1,
        "subject": f"s{clip.fields['subject']}",
        "repetition": int(clip.fields["repetition"]),
    }
    return Recording(clip.id, (record,), clip.video, partial(read_utd_mhad, clip.skeleton) if clip.skeleton else None)
