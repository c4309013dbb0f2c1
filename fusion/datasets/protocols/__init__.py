"""Who trains, who validates, who tests: functions from a record to ``train``, ``val``, ``test`` or None.

Validation is never the test split. Where a protocol defines none, it is carved out of train so that it mimics the
protocol's shift: held-out subjects, a held-out camera, whole source videos.

May import: ``fusion.index.index`` and ``modalities``. A dataset is its file with ``PROTOCOLS``, where counts are
published ``PUBLISHED``, and one line here for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from fusion.datasets.custom.protocol import CUSTOM
from fusion.datasets.protocols import (
    florence3d,
    folder,
    hmdb51,
    jhmdb,
    kinetics_skeleton,
    minihome,
    ntu,
    nucla,
    pku_mmd,
    smarthome,
    table,
    tsu,
    ucf101,
    utd_mhad,
)
from fusion.datasets.protocols.class_subset import ClassSubset, narrow
from fusion.datasets.protocols.rules import LEAVE_ONE_OUT, SPLITS, Protocol, by_field, leave_one_out, official
from fusion.index.index import Record
from modalities.checks import check_choice, fail

PROTOCOLS: dict[str, dict[str, Protocol]] = {
    "minihome": minihome.PROTOCOLS,
    "jhmdb": jhmdb.PROTOCOLS,
    "nucla": nucla.PROTOCOLS,
    "utd_mhad": utd_mhad.PROTOCOLS,
    "florence3d": florence3d.PROTOCOLS,
    "smarthome": smarthome.PROTOCOLS,
    "tsu": tsu.PROTOCOLS,
    "ntu60": ntu.NTU60,
    "ntu120": ntu.NTU120,
    "pku_mmd": pku_mmd.PROTOCOLS,
    "ucf101": ucf101.PROTOCOLS,
    "hmdb51": hmdb51.PROTOCOLS,
    "kinetics_skeleton": kinetics_skeleton.PROTOCOLS,
    "folder": folder.PROTOCOLS,
    "table": table.PROTOCOLS,
}
PUBLISHED: dict[str, dict[str, dict[str, int]]] = {
    "nucla": nucla.PUBLISHED,
    "utd_mhad": utd_mhad.PUBLISHED,
    "florence3d": florence3d.PUBLISHED,
    "smarthome": smarthome.PUBLISHED,
    "tsu": tsu.PUBLISHED,
    **ntu.PUBLISHED,
    "pku_mmd": pku_mmd.PUBLISHED,
    "ucf101": ucf101.PUBLISHED,
    "hmdb51": hmdb51.PUBLISHED,
    "kinetics_skeleton": kinetics_skeleton.PUBLISHED,
}
"""``{dataset: {protocol: {split, or splits joined by "+": records}}}``, as published or as the official lists hold."""
PUBLISHED_VIDEOS: dict[str, dict[str, dict[str, int]]] = {
    "tsu": tsu.PUBLISHED_VIDEOS,
    "pku_mmd": pku_mmd.PUBLISHED_VIDEOS,
}
"""The same of long recordings, from which records are cut."""
KNOWN_DUPLICATES: dict[str, Callable[[str, str], bool]] = {"nucla": nucla.is_known_duplicate}
"""Whether two clips of equal content are so in the dataset as it circulates, where nobody can mend it."""


def get_protocol(dataset: str, name: str) -> Protocol:
    """The protocol of a dataset.

    Raises:
        InputError: naming the nearest known dataset or protocol, or the folds where only their family is named.
    """
    known = PROTOCOLS[check_choice("dataset", dataset, PROTOCOLS)]
    folds = [other for other in known if other.startswith(f"{LEAVE_ONE_OUT}:")]
    if name == LEAVE_ONE_OUT and folds:
        fail(f"protocol '{name}' of {dataset}", "say who is left out", "all at once", f"one of {', '.join(folds)}")
    return known[check_choice(f"protocol of {dataset}", name, known)]


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
    """How many records each protocol of the dataset gives each split; of one's own data, the protocol it was given."""
    records = list(records)
    sizes = {}
    for name, protocol in PROTOCOLS.get(dataset, {}).items():
        counts = Counter(protocol(record) for record in records)
        if dataset in CUSTOM and not any(counts[split] for split in SPLITS):
            continue
        sizes[name] = {split: counts[split] for split in SPLITS}
    return sizes


def count_videos(records: Iterable[Record], dataset: str) -> dict[str, dict[str, int]]:
    """How many recordings (``source_video``) each protocol of the dataset gives each split."""
    first = {record["source_video"]: record for record in records}
    return count_splits(first.values(), dataset)


__all__ = [
    "KNOWN_DUPLICATES",
    "PROTOCOLS",
    "PUBLISHED",
    "PUBLISHED_VIDEOS",
    "SPLITS",
    "ClassSubset",
    "Protocol",
    "by_field",
    "count_splits",
    "count_videos",
    "get_protocol",
    "leave_one_out",
    "narrow",
    "official",
    "select",
]
