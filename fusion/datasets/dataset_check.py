"""Check of a prepared dataset: files present and whole, streams of one length, no duplicates, published counts.

Skeletons are read whole, of flow files the tables; videos are read through without decoding, which would take long.
The report lists what remains unverified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from triad.fusion.datasets import DATASETS, Dataset, count_splits, count_videos, get_dataset, protocols_of
from triad.fusion.datasets.file_check import SLACK, Duplicate, FileChecker, last_duration
from triad.fusion.index import Index, Record, extent_of
from triad.modalities.checks import InputError, did_you_mean, fail
from triad.modalities.modality import MODALITIES, get_modality


def summarize_dataset(index: Index) -> dict[str, Any]:
    """Return records, streams, splits and deviations from published counts, from the index alone.

    Returns:
        ``records``, their number; ``streams``, ``{stream: number of records}``; ``protocols``, ``{protocol: {split:
        number of records}}``; ``published``, the published counts; and ``problems``, ``[{"id", "problem"}]``, whose id
        is None for a problem of the whole dataset.
    """
    dataset = get_dataset(index.dataset) if index.dataset in DATASETS else None
    protocols = count_splits(index.records, index.dataset)
    is_own_data = index.metainfo.get("own") is True  # one's own data in the form of a dataset
    published = dict(dataset.published_counts) if dataset and not is_own_data else {}
    problems = _count_problems(published, protocols, "records")
    if dataset and dataset.published_video_counts:
        video_counts = count_videos(index.records, index.dataset)
        problems += _count_problems(dataset.published_video_counts, video_counts, "recordings")
    if dataset is None:
        must = f"be one of {', '.join(sorted(DATASETS))}"
        hint = did_you_mean(str(index.dataset), DATASETS)
        problems.append(f"metainfo.dataset must {must}, got '{index.dataset}'{hint}")
    return {
        "records": len(index.records),
        "streams": dict(Counter(stream for record in index.records for stream in record["sources"])),
        "protocols": protocols,
        "published": published,
        "problems": [{"id": None, "problem": problem} for problem in problems],
    }


def check_dataset(index: Index, *, progress: Callable[[Sequence[Record]], Iterable[Record]] = iter) -> dict[str, Any]:
    """Return the summary of a dataset and all problems of its files.

    Args:
        index: index of the dataset.
        progress: wrapper of the records that shows the progress.

    Returns:
        the document of :func:`summarize_dataset`, with ``problems`` of files too; ``known``, problems of the dataset as
        it circulates; ``leaks``, ``{protocol: number of test records whose content train or val has under another
        id}``; ``notes`` about implausible joints; ``repaired``, videos whose clock was broken, ``[{"id", "seconds":
        [[start, end]]}]``; ``seconds`` of a record, ``min``, ``median``, ``max`` and ``total``; and ``unverified``,
        aspects that are not checked.
    """
    document = summarize_dataset(index)
    files = FileChecker(index)
    problems: list[dict[str, Any]] = []
    durations = []
    for record in progress(index.records):
        record_problems = files.check_record(record)
        if not record_problems:
            try:
                durations.append(_duration(index, record))
            except InputError as error:
                record_problems = [str(error)]
        problems += [{"id": record["id"], "problem": problem} for problem in record_problems]
    duplicates = files.duplicates + files.find_equal_files()
    dataset = get_dataset(index.dataset) if index.dataset in DATASETS else None
    known_duplicates: list[dict[str, Any]] = []
    for stream, name, first in duplicates:
        is_known = dataset is not None and dataset.is_known_duplicate(name, first)
        (known_duplicates if is_known else problems).append({"id": name, "problem": f"{stream}: the same as '{first}'"})
    document["problems"] = [*problems, *document["problems"]]
    document["known"] = known_duplicates
    document["notes"] = files.find_oddities()
    document["leaks"] = _count_leaks(index, duplicates)
    document["repaired"] = _repaired_clocks(index)
    seconds = np.array(durations or [0.0])
    values = {"min": seconds.min(), "median": np.median(seconds), "max": seconds.max(), "total": seconds.sum()}
    document["seconds"] = {name: round(float(value), 3) for name, value in values.items()}
    document["unverified"] = _unverified(index, document, dataset)
    return document


def _count_problems(
    published: Mapping[str, Mapping[str, int]], counts: Mapping[str, Mapping[str, int]], unit: str
) -> list[str]:
    """Return a line for each deviation from the published counts, with all protocols that share it."""
    protocols_by_deviation: dict[str, list[str]] = {}
    for protocol, published_splits in published.items():
        for splits, published_count in published_splits.items():
            count = sum(counts[protocol][split] for split in splits.split("+"))
            if count != published_count:
                deviation = f"{splits} has {count} {unit}, published are {published_count}"
                protocols_by_deviation.setdefault(deviation, []).append(protocol)
    return [f"protocol {', '.join(names)}: {deviation}" for deviation, names in protocols_by_deviation.items()]


def _count_leaks(index: Index, duplicates: list[Duplicate]) -> dict[str, int]:
    """Return the number of test records whose content train or val has too, of each protocol that has some."""
    records = {record["id"]: record for record in index.records}
    ids_by_content: dict[tuple[str, str], set[str]] = {}
    for stream, name, first in duplicates:  # the first id of a content is the same for all that follow
        ids_by_content.setdefault((stream, first), {first}).add(name)
    leaks = {}
    for protocol_name, protocol in protocols_of(index.records, index.dataset).items():
        leaked: set[str] = set()
        for ids in ids_by_content.values():
            if any(protocol(records[name]) in ("train", "val") for name in ids):
                leaked |= {name for name in ids if protocol(records[name]) == "test"}
        if leaked:
            leaks[protocol_name] = len(leaked)
    return leaks


def _repaired_clocks(index: Index) -> list[dict[str, Any]]:
    """Return the spans of seconds in which timestamps were repaired, once for each file."""
    rows: dict[str, dict[str, Any]] = {}
    for record in index.records:
        for entry in record["sources"].values():
            if entry.get("repaired"):
                rows.setdefault(entry["path"], {"id": record["id"], "seconds": entry["repaired"]})
    return list(rows.values())


def _duration(index: Index, record: Record) -> float:
    """Return the seconds from the start of a record to its end.

    Raises:
        InputError: If the end is not after the start, or lies after the end of its streams.
    """
    span = extent_of(record)
    if not span.end > span.start >= 0:
        fail("the record", "last from a start to a later end", f"{span.start} to {span.end} s")
    sources = [source for stream in record["sources"] if (source := index.source(record, stream)) is not None]
    if sources:
        last_end = max(source.end for source in sources)
        tolerance = (SLACK + 0.01) * max(last_duration(source) for source in sources)
        if span.end > last_end + tolerance:
            fail("the record", f"end within its streams, which end after {last_end:.2f} s", f"{span.end:.2f} s")
    return span.end - span.start


def _unverified(index: Index, document: dict[str, Any], dataset: Dataset | None) -> list[str]:
    modalities = {index.metainfo["streams"][stream]["modality"] for stream in document["streams"]}
    unverified = [get_modality(name).files.unverified for name in MODALITIES if name in modalities]
    lines = [text for text in unverified if text]
    published = {*dataset.published_counts, *dataset.published_video_counts} if dataset else set()
    without_counts = [name for name in document["protocols"] if name not in published]
    if without_counts:
        lines.append(f"counts of {', '.join(without_counts)}: none are published")
    return lines
