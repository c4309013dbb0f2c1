"""Is a prepared dataset what it says: every file there and whole, streams of one length, nothing twice, counts right.

Skeletons are read whole, flow files by their tables; videos are read through without decoding them, a millisecond for
a short clip, so that a large set takes minutes. What that leaves unverified is listed too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fusion.data.index import Index, Record, extent_of
from fusion.data.protocols import KNOWN_TWICE, PROTOCOLS, PUBLISHED, count_splits
from modalities.checks import InputError, fail
from modalities.flow.codec import FlowFile
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import read_skeleton
from modalities.skeleton.store import PoseStore
from modalities.source import Source
from modalities.store import sha256_of
from modalities.video import count_packets

Problem = dict[str, Any]
"""``{"id", "problem"}``; the id is null where the whole dataset is meant."""
Twice = tuple[str, str, str]
"""Stream, and two ids of equal content."""
SLACK = 1
"""Entries by which streams of a record may differ in length: sensors start and stop a frame apart."""


def summarise(index: Index) -> dict[str, Any]:
    """What there is, from the index alone: records, streams, splits, and counts that are not the published ones."""
    protocols = count_splits(index.records, index.dataset)
    published = PUBLISHED.get(index.dataset, {})
    wrong: dict[str, list[str]] = {}
    for name, wanted in published.items():
        for splits, count in wanted.items():
            found = sum(protocols[name][split] for split in splits.split("+"))
            if found != count:
                wrong.setdefault(f"{splits} has {found} records, published are {count}", []).append(name)
    return {
        "records": len(index.records),
        "streams": dict(Counter(stream for record in index.records for stream in record["sources"])),
        "protocols": protocols,
        "published": published,
        "problems": [{"id": None, "problem": f"protocol {', '.join(names)}: {what}"} for what, names in wrong.items()],
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
    files = _Files(index)
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
    is_known = KNOWN_TWICE.get(index.dataset, lambda name, other: False)
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


class _Files:
    """Looks into files; each is opened once, however many records are cut from it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._lengths: dict[tuple[Path, int | None], int | InputError] = {}
        self._stores: dict[Path, tuple[PoseStore, list[str]] | InputError] = {}
        self._poses: dict[bytes, str] = {}
        self._videos: dict[Path, str] = {}
        self.twice: list[Twice] = []
        self._compared: set[frozenset[tuple[Path, int | None]]] = set()

    def check(self, record: Record) -> list[str]:
        """Everything that is wrong with the sources of a record."""
        problems: list[str] = []
        sources: dict[str, Source] = {}
        for stream in record["sources"]:
            try:
                source = self.index.source(record, stream)
                if source is not None:
                    self._check_source(record, stream, source)
                    sources[stream] = source
            except InputError as error:
                problems.append(f"{stream}: {error}")
        return problems + self._disagreements(sources)

    def _check_source(self, record: Record, stream: str, source: Source) -> None:
        if not source.path.is_file():
            raise InputError(f"'{source.path}' is missing")
        key = (source.path, source.clip)
        if key not in self._lengths:
            try:
                self._lengths[key] = self._length(record, stream, source)
            except InputError as error:
                self._lengths[key] = error
        length = self._lengths[key]
        if isinstance(length, InputError):
            raise length
        short = length < source.num if self._modality(stream) == "rgb" else length != source.num
        if short:  # a video may hold packets that do not decode
            fail(f"'{source.path}'", f"hold {source.num} entries as the index says", length)

    def _length(self, record: Record, stream: str, source: Source) -> int:
        modality = self._modality(stream)
        if modality == "flow":
            return FlowFile(source.path).num
        if modality == "rgb":
            self._videos.setdefault(source.path.resolve(), record["id"])
            return count_packets(source.path)
        layout = get_layout(self.index.metainfo["streams"][stream]["layout"])
        poses = self._read(record, source, layout.name)
        if poses.scores.any():  # clips in which nobody is seen are all alike
            digest = hashlib.blake2b(f"{stream} {poses.keypoints.shape}".encode(), digest_size=16)
            digest.update(np.ascontiguousarray(poses.keypoints).data)
            digest.update(np.ascontiguousarray(poses.scores).data)
            other = self._poses.setdefault(digest.digest(), record["id"])
            if other != record["id"]:
                self.twice.append((stream, record["id"], other))
        return poses.num

    def _read(self, record: Record, source: Source, layout: str) -> Poses:
        if source.clip is None:
            joints, dims = get_layout(layout).num_joints, get_layout(layout).dims
            return Poses(layout=layout, **read_skeleton(source.path, dims=dims, joints=joints, num=source.num))
        if source.path not in self._stores:
            try:
                opened = PoseStore(source.path)
                self._stores[source.path] = opened, opened.ids
            except InputError as error:
                self._stores[source.path] = error
        known = self._stores[source.path]
        if isinstance(known, InputError):
            raise known
        store, ids = known
        if store.layout.name != layout:
            fail(f"layout of '{source.path}'", f"be '{layout}' as the index says", f"'{store.layout.name}'")
        if not 0 <= source.clip < len(store):
            fail(f"clip of '{source.path}'", f"be below {len(store)}", source.clip)
        if ids[source.clip] not in (record["id"], record.get("source_video")):  # index and store of different runs
            fail(f"clip {source.clip} of '{source.path}'", f"be '{record['id']}'", f"'{ids[source.clip]}'")
        return store.read(source.clip)

    def _modality(self, stream: str) -> str:
        return self.index.metainfo["streams"][stream]["modality"]

    def _disagreements(self, sources: dict[str, Source]) -> list[str]:
        """Streams that do not last as long as the record's first one; said once of a recording with many records."""
        problems: list[str] = []
        files = frozenset((source.path, source.clip) for source in sources.values())
        if files in self._compared:
            return problems
        self._compared.add(files)
        first = next(iter(sources), None)
        for stream, source in sources.items():
            against = sources[first] if first is not None else source
            lag = (self._modality(stream) == "flow") - (self._modality(str(first)) == "flow")  # flow has no last field
            step = max(_step(source), _step(against))
            difference = source.end + lag * _step(source) - against.end
            if abs(difference) > (SLACK + 0.01) * step:
                ends = f"{source.num} entries end after {source.end:.2f} s"
                problems.append(f"{stream}: {ends}, those of {first} ({against.num}) after {against.end:.2f} s")
        return problems

    def videos_there_twice(self) -> list[Twice]:
        """Videos of equal bytes under two ids; only those of equal size are read."""
        by_size: dict[int, list[Path]] = {}
        for path in self._videos:
            by_size.setdefault(path.stat().st_size, []).append(path)
        twice: list[Twice] = []
        seen: dict[str, str] = {}
        for path in sorted(path for paths in by_size.values() if len(paths) > 1 for path in paths):
            name = self._videos[path]
            other = seen.setdefault(sha256_of(path), name)
            if other != name:
                twice.append(("rgb", name, other))
        return twice


def _leaks(index: Index, twice: list[Twice]) -> dict[str, int]:
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


def _step(source: Source) -> float:
    """Seconds that the last entry stays."""
    return source.end - float(source.entry_times[-1])


def _duration(index: Index, record: Record) -> float:
    """Seconds from a record's start to its end.

    Raises:
        InputError: if there are none, or they lie outside of its streams.
    """
    span = extent_of(record)
    if not span.end > span.start >= 0:
        fail("the record", "last from a start to a later end", f"{span.start} to {span.end} s")
    ends = [source.end for stream in record["sources"] if (source := index.source(record, stream)) is not None]
    steps = [_step(source) for stream in record["sources"] if (source := index.source(record, stream)) is not None]
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
    without = [name for name in document["protocols"] if name not in document["published"]]
    if without:
        said.append(f"counts of {', '.join(without)}: none are published")
    return said
