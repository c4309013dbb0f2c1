"""Northwestern-UCLA Multiview Action 3D: Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition.

On disk: ``a{AA}_s{SS}_e{EE}_v{VV}.json`` anywhere below the source, each ``{"file_name", "skeletons": [T][20][3]
metres, "label": 1..10}`` as skeleton networks circulate it; videos of the same names (``.avi``, ``.mp4``) are optional.
Two clips have a single frame; they stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fusion.datasets.clip_dataset import ClipDataset
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


def _fields(found: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": list(ACTIONS).index(found["action"]),
        "subject": f"s{found['subject']}",
        "repetition": int(found["repetition"]),
        "camera": f"v{found['camera']}",
    }


NUCLA = ClipDataset(
    name="nucla",
    classes=tuple(ACTIONS.values()),
    source="Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition",
    pattern=NAME,
    files="a{AA}_s{SS}_e{EE}_v{VV}.json",
    skeleton=".json",
    video=(".avi", ".mp4"),
    read=read_nucla,
    layout="kinect20",
    fps=FPS,
    fields=_fields,
)

prepare_nucla = NUCLA.prepare
