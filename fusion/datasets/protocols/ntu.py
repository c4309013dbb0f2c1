"""NTU RGB+D 60 and 120: Shahroudy et al. 2016, NTU RGB+D; Liu et al. 2019, NTU RGB+D 120.

Neither defines a validation split. Here it is, always out of train:

- across subjects, subjects: 4, 19 and 31, whom Das et al. 2019 (Where to Focus on for Human Action Recognition?) hold
  out, and in NTU RGB+D 120 five of those who act its new classes besides, about the same share;
- across views, a whole camera: 3, a view that training has then not seen, as camera 1 is to the test. That is half of
  train, so refit on ``train+val`` once all is chosen. What Das et al. validate on, setup 17 of camera 1, is of the test
  split;
- across setups, setups: one of the first 17, which hold classes 1–60, and one of the later, which hold 61–120.
"""

from __future__ import annotations

from collections.abc import Iterable

from fusion.datasets.protocols.rules import Protocol, by_field

TRAIN_60 = (1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38)
TRAIN_120 = (
    *TRAIN_60,
    *(45, 46, 47, 49, 50, 52, 53, 54, 55, 56, 57, 58, 59, 70, 74, 78, 80, 81, 82, 83, 84, 85, 86, 89),
    *(91, 92, 93, 94, 95, 97, 98, 100, 103),
)
VAL_60 = (4, 19, 31)
VAL_120 = (*VAL_60, 47, 56, 78, 86, 95)
VAL_SETUPS = (10, 26)


def _across_subjects(last: int, train: Iterable[int], val: Iterable[int]) -> Protocol:
    """Everybody of ``1 … last`` who neither trains nor validates is of the test."""
    trains, validates = set(train) - set(val), set(val)
    return by_field(
        "subject",
        train={f"P{number:03d}" for number in trains},
        val={f"P{number:03d}" for number in validates},
        test={f"P{number:03d}" for number in range(1, last + 1) if number not in trains | validates},
    )


NTU60 = {
    "cross_subject": _across_subjects(40, TRAIN_60, VAL_60),
    "cross_view": by_field("camera", train={"C002"}, val={"C003"}, test={"C001"}),
}
NTU120 = {
    "cross_subject": _across_subjects(106, TRAIN_120, VAL_120),
    "cross_setup": by_field(
        "setup",
        train={f"S{number:03d}" for number in range(2, 33, 2) if number not in VAL_SETUPS},
        val={f"S{number:03d}" for number in VAL_SETUPS},
        test={f"S{number:03d}" for number in range(1, 33, 2)},
    ),
}
PUBLISHED = {
    "ntu60": {
        "cross_subject": {"train+val": 40091, "test": 16487},
        "cross_view": {"train+val": 37646, "test": 18932},
    },
    "ntu120": {
        "cross_subject": {"train+val": 63026, "test": 50919},
        "cross_setup": {"train+val": 54468, "test": 59477},
    },
}
"""Clips of every side, without those whose skeletons the authors list as missing."""
