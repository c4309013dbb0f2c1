"""Check of the files of a dataset against its index: present and whole, of the stated length, without duplicates."""

from __future__ import annotations

from pathlib import Path

from triad.fusion.index import Index, Record
from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import InputError, fail
from triad.modalities.clips import Source
from triad.modalities.modality import Inspector, Modality, StoredContent, get_modality
from triad.modalities.skeleton import Plausibility

Duplicate = tuple[str, str, str]
"""Stream and two ids of equal content; the second is the first id that has the content."""
SLACK = 1
"""Entries by which streams of a record may differ in length: sensors start and stop a frame apart."""


class FileChecker:
    """Checker of the files of a dataset; each file is opened once, however many records are cut from it.

    Args:
        index: index of the dataset.

    Attributes:
        duplicates: clips of equal content among the records that were checked, without files of equal bytes.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.duplicates: list[Duplicate] = []
        self._inspectors: dict[str, Inspector] = {}
        self._plausibility: dict[str, Plausibility] = {}
        self._contents: dict[tuple[Path, int | None], StoredContent | InputError] = {}
        self._first_id_of_digest: dict[tuple[str, bytes], str] = {}
        self._compared_files: dict[Path, tuple[str, str]] = {}
        self._compared_lengths: set[frozenset[tuple[Path, int | None]]] = set()

    def check_record(self, record: Record) -> list[str]:
        """Return all problems of the sources of a record."""
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
        return problems + self._compare_lengths(sources)

    def _check_source(self, record: Record, stream: str, source: Source) -> None:
        modality = self._modality(stream)
        if not modality.files.is_there(source.path):
            is_missing = not source.path.exists()
            raise InputError(f"'{source.path}' {'is missing' if is_missing else 'is no file of this stream'}")
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
        """Return the content of a file, and note whether it duplicates an earlier one."""
        modality = self._modality(stream)
        info = self.index.metainfo["streams"][stream]
        modality.check_info(stream, info)
        if modality.files.compare_bytes and source.path.is_file():
            self._compared_files.setdefault(source.path.resolve(), (stream, record["id"]))
        if modality.name not in self._inspectors:
            self._inspectors[modality.name] = modality.files.inspector()
        content = self._inspectors[modality.name](source, info)
        if content.oddities is not None:
            self._plausibility.setdefault(stream, Plausibility()).add_oddities(content.oddities)
        if content.digest is not None:
            first_id = self._first_id_of_digest.setdefault((stream, content.digest), record["id"])
            if first_id != record["id"]:
                self.duplicates.append((stream, record["id"], first_id))
        return content

    def _modality(self, stream: str) -> Modality:
        return get_modality(self.index.metainfo["streams"][stream]["modality"])

    def _compare_lengths(self, sources: dict[str, Source]) -> list[str]:
        """Return problems of streams that end apart from the first one, once for all records of a recording."""
        problems: list[str] = []
        files = frozenset((source.path, source.clip) for source in sources.values())
        if not sources or files in self._compared_lengths:
            return problems
        self._compared_lengths.add(files)
        first_stream, first_source = next(iter(sources.items()))
        first_offset = self._modality(first_stream).files.length_offset
        for stream, source in sources.items():
            offset = self._modality(stream).files.length_offset - first_offset
            step = max(last_duration(source), last_duration(first_source))
            difference = source.end + offset * last_duration(source) - first_source.end
            if abs(difference) > (SLACK + 0.01) * step:
                ends = f"{source.num} entries end after {source.end:.2f} s"
                first_ends = f"those of {first_stream} ({first_source.num}) after {first_source.end:.2f} s"
                problems.append(f"{stream}: {ends}, {first_ends}")
        return problems

    def find_oddities(self) -> list[str]:
        """Return a line for whatever most clips of a stream have that nothing real can have."""
        return [f"{name}: {line}" for name, stream in self._plausibility.items() for line in stream.warnings()]

    def find_equal_files(self) -> list[Duplicate]:
        """Return files of equal bytes under two ids; only files of equal size are read."""
        paths_by_size: dict[int, list[Path]] = {}
        for path in self._compared_files:
            paths_by_size.setdefault(path.stat().st_size, []).append(path)
        duplicates: list[Duplicate] = []
        first_id_of_digest: dict[tuple[str, str], str] = {}
        for path in sorted(path for paths in paths_by_size.values() if len(paths) > 1 for path in paths):
            stream, record_id = self._compared_files[path]
            first_id = first_id_of_digest.setdefault((stream, sha256_of(path)), record_id)
            if first_id != record_id:
                duplicates.append((stream, record_id, first_id))
        return duplicates


def last_duration(source: Source) -> float:
    """Return the seconds for which the last entry is displayed."""
    return source.end - float(source.entry_times[-1])
