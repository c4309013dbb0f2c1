"""The files of a dataset against its index: there and whole, as long as it says, as long as each other, not twice."""

from __future__ import annotations

from pathlib import Path

from fusion.index import Index, Record
from modalities.atomic_files import sha256_of
from modalities.checks import InputError, fail
from modalities.modality import Modality, get_modality
from modalities.source import Source
from modalities.stored_files import Inspector, StoredContent

Duplicate = tuple[str, str, str]
"""Stream, and two ids of equal content; the second is the first one that has it."""
SLACK = 1
"""Entries by which streams of a record may differ in length: sensors start and stop a frame apart."""


class FileCheck:
    """Looks into files; each is opened once, however many records are cut from it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._inspectors: dict[str, Inspector] = {}
        self._contents: dict[tuple[Path, int | None], StoredContent | InputError] = {}
        self._digests: dict[tuple[str, bytes], str] = {}
        self._compared_files: dict[Path, tuple[str, str]] = {}
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
        modality = self._modality(stream)
        if not modality.files.is_there(source.path):
            raise InputError(f"'{source.path}' is missing")
        key = (source.path, source.clip)
        if key not in self._contents:
            try:
                self._contents[key] = self._inspect(record, stream, source)
            except InputError as error:
                self._contents[key] = error
        content = self._contents[key]
        if isinstance(content, InputError):
            raise content
        ids = (record["id"], record.get("source_video"), record.get("recording"))
        if content.owner is not None and content.owner not in ids:  # index and store may be of different runs
            fail(f"clip {source.clip} of '{source.path}'", f"be '{record['id']}'", f"'{content.owner}'")
        if content.num < source.num or (modality.files.exact and content.num != source.num):
            fail(f"'{source.path}'", f"hold {source.num} entries as the index says", content.num)

    def _inspect(self, record: Record, stream: str, source: Source) -> StoredContent:
        """Look into a file, and note a duplicate of an earlier one."""
        modality, info = self._modality(stream), self.index.metainfo["streams"][stream]
        modality.check_info(stream, info)
        if modality.files.compare_bytes and source.path.is_file():
            self._compared_files.setdefault(source.path.resolve(), (stream, record["id"]))
        if modality.name not in self._inspectors:
            self._inspectors[modality.name] = modality.files.inspector()
        content = self._inspectors[modality.name](source, info)
        if content.digest is not None:
            first = self._digests.setdefault((stream, content.digest), record["id"])
            if first != record["id"]:
                self.twice.append((stream, record["id"], first))
        return content

    def _modality(self, stream: str) -> Modality:
        return get_modality(self.index.metainfo["streams"][stream]["modality"])

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
            against_offset = self._modality(first or stream).files.length_offset
            lag = self._modality(stream).files.length_offset - against_offset
            step = max(duration_of_last(source), duration_of_last(against))
            difference = source.end + lag * duration_of_last(source) - against.end
            if abs(difference) > (SLACK + 0.01) * step:
                ends = f"{source.num} entries end after {source.end:.2f} s"
                problems.append(f"{stream}: {ends}, those of {first} ({against.num}) after {against.end:.2f} s")
        return problems

    def videos_there_twice(self) -> list[Duplicate]:
        """Return videos of equal bytes under two ids; only those of equal size are read."""
        by_size: dict[int, list[Path]] = {}
        for path in self._compared_files:
            by_size.setdefault(path.stat().st_size, []).append(path)
        twice: list[Duplicate] = []
        first_by_digest: dict[tuple[str, str], str] = {}
        for path in sorted(path for paths in by_size.values() if len(paths) > 1 for path in paths):
            stream, name = self._compared_files[path]
            first = first_by_digest.setdefault((stream, sha256_of(path)), name)
            if first != name:
                twice.append((stream, name, first))
        return twice


def duration_of_last(source: Source) -> float:
    """Seconds that the last entry stays."""
    return source.end - float(source.entry_times[-1])
