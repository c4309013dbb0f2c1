"""Northwestern-UCLA: a camera, or people, new to the model.

``cross_view`` is what skeleton networks report: cameras 1 and 2 train, camera 3 tests; ours validates on camera 2 and
refits on both. ``cross_subject`` is the rule of Wang et al. 2014: nine people train and one tests. They do not say who,
so their figure is the mean over ``leave_one_out:<subject>``, and ``cross_subject`` alone is its last fold.

The skeletons that circulate with the code of skeleton networks (39 MB, 1,484 files) hold 95 clips of camera 3 that are
those of camera 2 to the last digit: all 50 of a02 and 45 of a03, a fifth of the test of ``cross_view``. A model that
trains on camera 2 has seen them. ``cross_view_unseen`` tests on the other 369, and is to be quoted beside it.
"""

import re

from fusion.datasets.protocols.rules import by_field, leave_one_out
from fusion.index.index import Record

SUBJECTS = tuple(f"s{number:02d}" for number in range(1, 11))

COPIED = (1, 2)  # labels of a02 and a03

_cross_view = by_field("camera", val={"v02"}, test={"v03"})


def _unseen(record: Record) -> str | None:
    split = _cross_view(record)
    return None if split == "test" and record["label"] in COPIED else split


PROTOCOLS = {
    "cross_view": _cross_view,
    "cross_view_unseen": _unseen,
    "cross_subject": by_field("subject", val={"s01"}, test={"s10"}),
    **leave_one_out("subject", SUBJECTS),
}
PUBLISHED = {"cross_view": {"train+val": 1020, "test": 464}}


def is_known_duplicate(name: str, other: str) -> bool:
    """Whether two clips are the ones of a02 or a03 that are equal in cameras 2 and 3."""
    clips = [re.fullmatch(r"(a0[23]_s\d\d_e\d\d)_v(0[23])", clip) for clip in (name, other)]
    return None not in clips and len({clip[1] for clip in clips if clip}) == 1 < len(
        {clip[2] for clip in clips if clip}
    )
