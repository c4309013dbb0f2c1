"""The files of a dataset against its index: there and whole, as long as it says, as long as each other, not twice."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from fusion.index import Index, Record
from modalities.atomic_files import sha256_of
from modalities.checks import InputError, fail
from modalities.flow import FlowFile
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import read_skeleton
from modalities.source import Source
from modalities.video import count_packets

Duplicate = tuple[str, str, str]
"""Stream, and two ids of equal content; the second is the first one that has it."""
SLACK = 1
"""Entries by which streams of a record may differ in length: sensors start and stop a frame apart."""


class FileCheck:
    """Looks into files; each is opened once, however many records are cut from it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._lengths: dict[tuple[Path, int | None], int | InputError] = {}
        self._stores: dict[Path, tuple[PoseStore, list[str]] | InputError] = {}
        self._poses: dict[bytes, str] = {}
        self._videos: dict[Path, str] = {}
        self.twice: list[Duplicate] = []
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
        self._check_owner(record, source)
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
        store = known[0]
        if store.layout.name != layout:
            fail(f"layout of '{source.path}'", f"be '{layout}' as the index says", f"'{store.layout.name}'")
        if not 0 <= source.clip < len(store):
            fail(f"clip of '{source.path}'", f"be below {len(store)}", source.clip)
        return store.read(source.clip)

    def _check_owner(self, record: Record, source: Source) -> None:
        """A clip of a store is of one recording; index and store may be of different runs."""
        known = self._stores.get(source.path)
        if source.clip is None or not isinstance(known, tuple):
            return
        name = known[1][source.clip]
        if name not in (record["id"], record.get("source_video"), record.get("recording")):
            fail(f"clip {source.clip} of '{source.path}'", f"be '{record['id']}'", f"'{name}'")

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
            step = max(duration_of_last(source), duration_of_last(against))
            difference = source.end + lag * duration_of_last(source) - against.end
            if abs(difference) > (SLACK + 0.01) * step:
                ends = f"{source.num} entries end after {source.end:.2f} s"
                problems.append(f"{stream}: {ends}, those of {first} ({against.num}) after {against.end:.2f} s")
        return problems

    def videos_there_twice(self) -> list[Duplicate]:
        """Videos of equal bytes under two ids; only those of equal size are read."""
        by_size: dict[int, list[Path]] = {}
        for path in self._videos:
            by_size.setdefault(path.stat().st_size, []).append(path)
        twice: list[Duplicate] = []
        seen: dict[str, str] = {}
        for path in sorted(path for paths in by_size.values() if len(paths) > 1 for path in paths):
            name = self._videos[path]
            other = seen.setdefault(sha256_of(path), name)
            if other != name:
                twice.append(("rgb", name, other))
        return twice


def duration_of_last(source: Source) -> float:
    """Seconds that the last entry stays."""
    return source.end - float(source.entry_times[-1])
