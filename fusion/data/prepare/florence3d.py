"""Florence 3D Actions: Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part
Bag-of-Poses.

On disk: ``a{01..09}_s{1..10}_id{N}.txt`` anywhere below the source, rows of x y z in millimetres, 15 joints a frame:
215 sequences of 9 actions by 10 actors. The authors' videos have other names and are not read.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fusion.data.prepare.building import Recording, Skeletons, build
from fusion.data.prepare.clips import Clip, Progress, find_clips
from modalities.skeleton.readers import read_florence

ACTIONS = (
    *("wave", "drink_from_bottle", "answer_phone", "clap", "tight_lace"),
    *("sit_down", "stand_up", "read_watch", "bow"),
)
"""Action 1 first."""
NAME = r"a0(?P<action>[1-9])_s(?P<subject>[1-9]|10)_id(?P<number>\d+)"
FPS = 30.0  # Kinect v1's; the paper names no other rate and the files hold no times


def prepare_florence3d(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder holds no sequence of the dataset.
    """
    cure = "give the folder that holds a{AA}_s{S}_id{N}.txt"
    clips, dropped = find_clips(source, NAME, skeleton=".txt", video=(), without=out, cure=cure)
    return build(
        out,
        (_recording(clip) for clip in progress(clips)),
        metainfo={
            "dataset": "florence3d",
            "classes": list(ACTIONS),
            "source": "Seidenari et al. 2013, Recognizing Actions from Depth Cameras as Weakly Aligned Multi-part "
            "Bag-of-Poses",
        },
        skeletons=Skeletons(layout="florence15", fps=FPS, dtype=dtype),
        dropped=dropped,
    )


def _recording(clip: Clip) -> Recording:
    record = {
        "id": clip.id,
        "label": int(clip.fields["action"]) - 1,
        "subject": f"s{clip.fields['subject']}",
        "repetition": int(clip.fields["number"]),
    }
    return Recording(clip.id, (record,), clip.video, partial(read_florence, clip.skeleton) if clip.skeleton else None)
