"""UCF101: the three official splits (Soomro et al. 2012).

They hold out groups: 1–7 test in the first, 8–14 in the second, 15–21 in the third. Groups 22–25 train in all three, so
that they validate here: whole groups of every class.
"""

from fusion.datasets.protocols.rules import Protocol, field_of, listed_split
from fusion.index.index import Record

VAL_GROUPS = ("g22", "g23", "g24", "g25")


def _official(split: str) -> Protocol:
    def protocol(record: Record) -> str | None:
        part = listed_split(record, split)
        return "val" if part == "train" and str(field_of(record, "source_video")).endswith(VAL_GROUPS) else part

    return protocol


PROTOCOLS = {f"split{number}": _official(f"split{number}") for number in (1, 2, 3)}
PUBLISHED = {
    "split1": {"train+val": 9537, "test": 3783},
    "split2": {"train+val": 9586, "test": 3734},
    "split3": {"train+val": 9624, "test": 3696},
}
