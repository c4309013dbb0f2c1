"""Northwestern-UCLA Multiview Action 3D: Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition.

On disk: ``a{AA}_s{SS}_e{EE}_v{VV}.json`` anywhere below the source, each ``{"file_name", "skeletons": [T][20][3]
metres, "label": 1..10}`` as skeleton networks circulate it; videos of the same names (``.avi``, ``.mp4``) are optional.
Two clips have a single frame; they stay.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fusion.data.prepare.building import Recording, Skeletons, build
from fusion.data.prepare.clips import Clip, Progress, find_clips
from modalities.skeleton.readers import read_nucla

ACTIONS = {
    "01": "pick_up_with_one_hand",
    "02": "pick_up_with_two_hands",
    "03": "drop_trash",
    "04": "walk_around",
    "05": "sit_down",
    "06": "stand_up",
    "08": "donning",
    "09": "doffing",
    "11": "throw",
    "12": "carry",
}
NAME = rf"a(?P<action>{'|'.join(ACTIONS)})_s(?P<subject>0[1-9]|10)_e(?P<repetition>\d\d)_v(?P<camera>0[123])"
FPS = 30.0  # Kinect v1's; the paper names no other rate and the files hold no times


def prepare_nucla(source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter) -> dict[str, Any]:
    """Write the packed skeletons and the index; videos, where there are some, stay where they are.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder holds no clip of the dataset.
    """
    cure = "give the folder that holds a{AA}_s{SS}_e{EE}_v{VV}.json"
    clips, dropped = find_clips(source, NAME, skeleton=".json", video=(".avi", ".mp4"), without=out, cure=cure)
    return build(
        out,
        (_recording(clip) for clip in progress(clips)),
        metainfo={
            "dataset": "nucla",
            "classes": list(ACTIONS.values()),
            "source": "Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition",
        },
        skeletons=Skeletons(layout="kinect20", fps=FPS, dtype=dtype),
        dropped=dropped,
    )


def _recording(clip: Clip) -> Recording:
    record = {
        "id": clip.id,
        "label": list(ACTIONS).index(clip.fields["action"]),
        "subject": f"s{clip.fields['subject']}",
        "repetition": int(clip.fields["repetition"]),
        "camera": f"v{clip.fields['camera']}",
    }
    return Recording(clip.id, (record,), clip.video, partial(read_nucla, clip.skeleton) if clip.skeleton else None)
