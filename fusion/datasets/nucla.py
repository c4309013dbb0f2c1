"""Northwestern-UCLA Multiview Action 3D: Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition.

On disk: ``a{AA}_s{SS}_e{EE}_v{VV}.json`` anywhere below the source, each ``{"file_name", "skeletons": [T][20][3]
metres, "label": 1..10}`` as skeleton networks circulate it; videos of the same names (``.avi``, ``.mp4``) are optional.
Two clips have a single frame; they stay.

Protocols: ``cross_view`` is what skeleton networks report: cameras 1 and 2 train, camera 3 tests; here camera 2
validates, and networks are refitted on both. ``cross_subject`` is the rule of Wang et al. 2014: nine people train and
one tests. They do not name the one, so their figure is the mean over ``leave_one_out:<subject>``, whose last fold is
``cross_subject``.

The skeletons that circulate with the code of skeleton networks (39 MB, 1,484 files) hold 95 clips of camera 3 that are
those of camera 2 to the last digit: all 50 of a02 and 45 of a03, a fifth of the test of ``cross_view``. A model that
trains on camera 2 has seen them. ``cross_view_unseen`` tests on the other 369, and is to be quoted beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from triad.fusion.datasets import SKELETON_DTYPE, Dataset, by_field, leave_one_out
from triad.fusion.datasets.clip_preparer import ClipPreparer
from triad.fusion.index import Record
from triad.modalities.skeleton.readers import read_nucla

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
"""Names of the actions by their numbers in file names."""
PATTERN = rf"a(?P<action>{'|'.join(ACTIONS)})_s(?P<subject>0[1-9]|10)_e(?P<repetition>\d\d)_v(?P<camera>0[123])"
FPS = 30.0  # Kinect v1's; the paper names no other rate and the files hold no times
SUBJECTS = tuple(f"s{number:02d}" for number in range(1, 11))
COPIED_LABELS = (1, 2)  # of a02 and a03

_cross_view = by_field("camera", val={"v02"}, test={"v03"})


def _cross_view_unseen(record: Record) -> str | None:
    split = _cross_view(record)
    return None if split == "test" and record["label"] in COPIED_LABELS else split


def _fields(groups: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": list(ACTIONS).index(groups["action"]),
        "subject": f"s{groups['subject']}",
        "repetition": int(groups["repetition"]),
        "camera": f"v{groups['camera']}",
    }


def is_known_duplicate(first: str, second: str) -> bool:
    """Return whether two ids are of a clip of a02 or a03 that is equal in cameras 2 and 3."""
    matches = [re.fullmatch(r"(a0[23]_s\d\d_e\d\d)_v(0[23])", clip) for clip in (first, second)]
    if None in matches:
        return False
    performances = {match[1] for match in matches if match}
    cameras = {match[2] for match in matches if match}
    return len(performances) == 1 and len(cameras) == 2


NUCLA = Dataset(
    name="nucla",
    files="a{AA}_s{SS}_e{EE}_v{VV}.json (20 joints), videos of the same names.",
    prepare=ClipPreparer(
        name="nucla",
        classes=tuple(ACTIONS.values()),
        source="Wang et al. 2014, Cross-view Action Modeling, Learning and Recognition",
        pattern=PATTERN,
        file_names="a{AA}_s{SS}_e{EE}_v{VV}.json",
        skeleton=".json",
        video=(".avi", ".mp4"),
        read=read_nucla,
        layout="kinect20",
        fps=FPS,
        fields=_fields,
    ).prepare,
    options=(SKELETON_DTYPE,),
    protocols={
        "cross_view": _cross_view,
        "cross_view_unseen": _cross_view_unseen,
        "cross_subject": by_field("subject", val={"s01"}, test={"s10"}),
        **leave_one_out("subject", SUBJECTS),
    },
    published_counts={"cross_view": {"train+val": 1020, "test": 464}},
    is_known_duplicate=is_known_duplicate,
)
