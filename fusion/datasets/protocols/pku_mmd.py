"""PKU-MMD, phase 1: Liu et al. 2017, PKU-MMD: A Large Scale Benchmark for Skeleton-Based Human Action Understanding.

The official lists, kept in each record by ``prepare``. They define no validation:

- across subjects, two runs of recordings in all three views. Who acts in which recording is not published; neighbours
  in number are the likeliest to show the same people, who may still be on both sides where a run ends;
- across views, a whole camera of the two that train: the right one, a side view that training has then not seen, as
  the left one is to the test. That is half of train, so refit on ``train+val`` once all is chosen.
"""

from __future__ import annotations

from collections.abc import Callable

from fusion.datasets.protocols.rules import Protocol, field_of, listed_split
from fusion.index.index import Record

VAL_RUNS = (range(101, 131), range(251, 281))


def _carved(name: str, held_out: Callable[[Record], bool]) -> Protocol:
    def protocol(record: Record) -> str | None:
        part = listed_split(record, name)
        return "val" if part == "train" and held_out(record) else part

    return protocol


PROTOCOLS = {
    "cross_subject": _carved(
        "cross_subject", lambda row: any(int(field_of(row, "recording")) in run for run in VAL_RUNS)
    ),
    "cross_view": _carved("cross_view", lambda row: field_of(row, "camera") == "R"),
}
PUBLISHED_VIDEOS = {"cross_subject": {"train+val": 944, "test": 132}, "cross_view": {"train+val": 717, "test": 359}}
PUBLISHED = {name: {"train+val+test": 21545} for name in PROTOCOLS}
"""Actions, all of which both lists divide."""
