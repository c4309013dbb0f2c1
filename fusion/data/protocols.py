"""Who trains, who validates, who tests: functions from a record to ``train``, ``val``, ``test`` or None.

Validation is never the test split. Where a protocol defines none, it is carved out of train so that it mimics the
protocol's shift: held-out subjects, a held-out camera, whole source videos.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from fusion.data.index import Record
from modalities.checks import check_choice, fail
from modalities.seeding import seed_of

Protocol = Callable[[Record], str | None]
SPLITS = ("train", "val", "test")


def by_field(field: str, *, val: Collection[str], test: Collection[str]) -> Protocol:
    """Split by the value of one field of the record; what is in neither collection trains."""

    def protocol(record: Record) -> str:
        value = record[field]
        return "test" if value in test else "val" if value in val else "train"

    return protocol


def official(split: str, *, carve: float) -> Protocol:
    """A published list of train and test clips; a share of the train sources, fixed by hash, validates.

    All clips of one source video stay on one side, because they show the same person in the same room.
    """

    def protocol(record: Record) -> str | None:
        part = record["official"].get(split)
        if part == "train" and seed_of("validation", record["source_video"]) % 1000 < 1000 * carve:
            return "val"
        return part

    return protocol


PROTOCOLS: dict[str, dict[str, Protocol]] = {
    "minihome": {
        "cross_subject": by_field(
            "subject",
            val={"s04", "s11", "s17"},
            test={"s02", "s05", "s07", "s10", "s13", "s15", "s18", "s20"},
        ),
        "cross_view": by_field("camera", val={"c2"}, test={"c3"}),
    },
    "jhmdb": {f"split{number}": official(f"split{number}", carve=0.2) for number in (1, 2, 3)},
}


def get_protocol(dataset: str, name: str) -> Protocol:
    """The protocol of a dataset.

    Raises:
        InputError: naming the nearest known dataset or protocol.
    """
    check_choice("dataset", dataset, PROTOCOLS)
    return PROTOCOLS[dataset][check_choice(f"protocol of {dataset}", name, PROTOCOLS[dataset])]


def select(records: Iterable[Record], protocol: Protocol, split: str) -> list[Record]:
    """The records of one split; ``train+val`` joins two, for refitting after all choices are frozen.

    Raises:
        InputError: for an unknown split or one without records.
    """
    wanted = {check_choice("split", part, SPLITS) for part in split.split("+")}
    if "test" in wanted and len(wanted) > 1:
        fail("split", "keep test apart", f"'{split}'", "join train+val only")
    chosen = [record for record in records if protocol(record) in wanted]
    if not chosen:
        fail(f"split '{split}'", "have records", "none", "check the index and the protocol")
    return chosen


def count_splits(records: Iterable[Record], dataset: str) -> dict[str, dict[str, int]]:
    """How many records each protocol of the dataset gives each split."""
    records = list(records)
    table = {}
    for name, protocol in PROTOCOLS.get(dataset, {}).items():
        counts = Counter(protocol(record) for record in records)
        table[name] = {split: counts[split] for split in SPLITS}
    return table
