"""Is a prepared dataset what it says: every file there and whole, streams of one length, nothing twice, counts right.

Skeletons are read whole, flow files by their tables; videos are read through without decoding them, which is what
would take long. What that leaves unverified is listed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from fusion.datasets.file_check import SLACK, Duplicate, FileCheck, duration_of_last
from fusion.datasets.protocols import (
    KNOWN_DUPLICATES,
    PROTOCOLS,
    PUBLISHED,
    PUBLISHED_VIDEOS,
    count_splits,
    count_videos,
)
from fusion.index.index import Index, Record, extent_of
from modalities.checks import InputError, fail, nearest

Problem = dict[str, Any]
"""``{"id", "problem"}``; the id is null where the whole dataset is meant."""


def summarise(index: Index) -> dict[str, Any]:
    """What there is, from the index alone: records, streams, splits, and counts that are not the published ones."""
    protocols = count_splits(index.records, index.dataset)
    published = PUBLISHED.get(index.dataset, {})
    videos = PUBLISHED_VIDEOS.get(index.dataset, {})
    filmed = count_videos(index.records, index.dataset) if videos else {}
    wrong: dict[str, list[str]] = {}
    for what, expected, counted in (("records", published, protocols), ("recordings", videos, filmed)):
        for name, wanted in expected.items():
            for splits, count in wanted.items():
                found = sum(counted[name][split] for split in splits.split("+"))
                if found != count:
                    wrong.setdefault(f"{splits} has {found} {what}, published are {count}", []).append(name)
    problems = [f"protocol {', '.join(names)}: {what}" for what, names in wrong.items()]
    if index.dataset not in PROTOCOLS:
        known = f"be one of {', '.join(sorted(PROTOCOLS))}"
        problems.append(f"metainfo.dataset must {known}, got '{index.dataset}'{nearest(str(index.dataset), PROTOCOLS)}")
    return {
        "records": len(index.records),
        "streams": dict(Counter(stream for record in index.records for stream in record["sources"])),
        "protocols": protocols,
        "published": published,
        "problems": [{"id": None, "problem": problem} for problem in problems],
    }


def check(index: Index, *, progress: Callable[[Sequence[Record]], Iterable[Record]] = iter) -> dict[str, Any]:
    """What :func:`summarise` says, and all that is wrong with the files.

    Args:
        index: of the dataset.
        progress: shows how far it is, given the records.

    Returns:
        as :func:`summarise`; ``problems`` also of files; ``known``, what is wrong with the dataset as published;
        ``leaks``, how many test records of a protocol are in its train or val under another id; ``seconds`` a record
        lasts: ``min``, ``median``, ``max``, ``total``; and ``unverified``, what was not looked at.
    """
    document = summarise(index)
    counts, document["problems"] = document["problems"], []
    files = FileCheck(index)
    lasting = []
    for record in progress(index.records):
        found = files.check(record)
        if not found:
            try:
                lasting.append(_duration(index, record))
            except InputError as error:
                found = [str(error)]
        document["problems"] += [{"id": record["id"], "problem": problem} for problem in found]
    twice = files.twice + files.videos_there_twice()
    is_known = KNOWN_DUPLICATES.get(index.dataset, lambda name, other: False)
    for kind, wanted in (("problems", False), ("known", True)):
        rows = [
            {"id": a, "problem": f"{stream}: the same as '{b}'"} for stream, a, b in twice if is_known(a, b) == wanted
        ]
        document[kind] = document.get(kind, []) + rows
    document["problems"] += counts
    document["leaks"] = _leaks(index, twice)
    seconds = np.array(lasting or [0.0])
    values = {"min": seconds.min(), "median": np.median(seconds), "max": seconds.max(), "total": seconds.sum()}
    document["seconds"] = {name: round(float(value), 3) for name, value in values.items()}
    document["unverified"] = _unverified(index, document)
    return document


def _leaks(index: Index, twice: list[Duplicate]) -> dict[str, int]:
    """``{protocol: test records whose content train or val has too}``, of protocols where there are some."""
    records = {record["id"]: record for record in index.records}
    groups: dict[tuple[str, str], set[str]] = {}
    for stream, name, other in twice:  # the other is the first of its content, the same for all that follow
        groups.setdefault((stream, other), {other}).add(name)
    leaks = {}
    for protocol_name, protocol in PROTOCOLS.get(index.dataset, {}).items():
        leaked: set[str] = set()
        for names in groups.values():
            tested = {name for name in names if protocol(records[name]) == "test"}
            if any(protocol(records[name]) in ("train", "val") for name in names):
                leaked |= tested
        if leaked:
            leaks[protocol_name] = len(leaked)
    return leaks


def _duration(index: Index, record: Record) -> float:
    """Seconds from a record's start to its end.

    Raises:
        InputError: if there are none, or they lie outside of its streams.
    """
    span = extent_of(record)
    if not span.end > span.start >= 0:
        fail("the record", "last from a start to a later end", f"{span.start} to {span.end} s")
    ends = [source.end for stream in record["sources"] if (source := index.source(record, stream)) is not None]
    steps = [
        duration_of_last(source) for stream in record["sources"] if (source := index.source(record, stream)) is not None
    ]
    if ends and span.end > max(ends) + (SLACK + 0.01) * max(steps):
        fail("the record", f"end within its streams, which end after {max(ends):.2f} s", f"{span.end:.2f} s")
    return span.end - span.start


def _unverified(index: Index, document: dict[str, Any]) -> list[str]:
    modalities = {index.metainfo["streams"][stream]["modality"] for stream in document["streams"]}
    said = []
    if "rgb" in modalities:
        said.append("that the frames of videos decode beyond the first (prepare decoded them all)")
    if "flow" in modalities:
        said.append("the fields within flow files")
    published = {*document["published"], *PUBLISHED_VIDEOS.get(index.dataset, {})}
    without = [name for name in document["protocols"] if name not in published]
    if without:
        said.append(f"counts of {', '.join(without)}: none are published")
    return said
