"""Folder of a stream: its finished files, its failures, and the provenance of all.

OUT/<stream>/provenance.json     provenance of all files of the folder
OUT/<stream>/<id>.<suffix>       file of a video; it holds the same provenance
OUT/<stream>/failed/<id>.json    reason why a video has no file, so that it is not tried again and again
OUT/<stream>/.locks/             locks of the runs that write here, see triad.modalities.extraction.shard
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import av

from triad.modalities.atomic_files import read_json, write_json
from triad.modalities.checks import InputError, fail
from triad.modalities.extraction.interfaces import Extractor, FileSummary, Sink, StreamFiles, Task
from triad.modalities.file_names import file_stem, join_name
from triad.modalities.partial_files import remove_partial_files
from triad.modalities.stopwatch import Stopwatch

PROVENANCE = "provenance.json"
CURE = "delete '{folder}' to extract all of it again"


class State(NamedTuple):
    """State of a video's file.

    Attributes:
        kind: ``damaged`` is a file that exists and must be made again.
        reason: reason why the video failed or the file is damaged.
        summary: summary of the finished file.
    """

    kind: Literal["done", "failed", "missing", "damaged"]
    reason: str | None = None
    summary: FileSummary | None = None


class StreamStore:
    """Folder of a stream.

    Args:
        files: reader of the stream's files.
        root: folder of the index.
        provenance: provenance that the files must have.
    """

    def __init__(self, files: StreamFiles, root: Path, provenance: Mapping[str, Any]) -> None:
        self.files = files
        self.stream = files.stream
        self.folder = join_name(root, files.stream)
        self.provenance = json.loads(json.dumps(provenance))  # as it is read back

    @classmethod
    def to_write(cls, extractor: Extractor, root: Path) -> StreamStore:
        """Return the store that an extractor writes; its provenance is the extractor's and the decoder's."""
        return cls(extractor, root, {**extractor.provenance, "decoder": {"av": av.__version__}})

    @classmethod
    def to_read(cls, files: StreamFiles, root: Path) -> StreamStore:
        """Return an existing store with the provenance of its ``provenance.json``.

        Raises:
            InputError: If that file is missing or damaged.
        """
        folder = join_name(root, files.stream)
        cure = CURE.format(folder=folder)
        provenance = read_json(folder / PROVENANCE, cure=cure)
        if not isinstance(provenance, dict):
            fail(f"'{folder / PROVENANCE}'", "be an object of JSON", type(provenance).__name__, cure)
        return cls(files, root, provenance)

    def path_of(self, task: Task) -> Path:
        """Return the path of a task's file."""
        return join_name(self.folder, task.id, self.files.suffix)

    def _failure_path(self, task: Task) -> Path:
        return join_name(join_name(self.folder, "failed"), task.id, ".json")

    def prepare(self) -> None:
        """Make the folder, or check that the existing one was made with the same settings.

        Raises:
            InputError: As :meth:`check`.
        """
        if not (path := self.folder / PROVENANCE).exists():
            write_json(path, self.provenance, replace=False)  # of shards that start at once, the first one's stays
        self.check()

    def check(self) -> None:
        """Compare the provenance of this store with that of the existing files.

        Raises:
            InputError: If ``provenance.json`` is missing or differs.
        """
        path = self.folder / PROVENANCE
        cure = CURE.format(folder=self.folder)
        stored = read_json(path, cure=cure)
        if not isinstance(stored, dict):
            fail(f"'{path}'", "be an object of JSON", type(stored).__name__, cure)
        difference = _find_difference(stored, self.provenance)
        if difference is not None:
            key, expected, actual = difference
            cure = f"use the same settings and versions, or {cure}"
            fail(f"'{key}' of this extraction", f"be {expected} as '{path}' says", actual, cure)

    def remove_partial_files(self, tasks: Iterable[Task]) -> None:
        """Remove half-written files of these tasks, which a killed run has left."""
        stems = {file_stem(task.id) for task in tasks}
        remove_partial_files(self.folder, stems)
        remove_partial_files(join_name(self.folder, "failed"), stems)

    def open(self, task: Task, *, watch: Stopwatch) -> AbstractContextManager[Sink]:
        """Return a sink for the file of a task."""
        extractor: Extractor = self.files  # type: ignore[assignment]  # of to_write
        return extractor.open(self.path_of(task), provenance=self.provenance, watch=watch)

    def state(self, task: Task) -> State:
        """Return the state of a task by the summary of its file: readable, of this provenance, of the right length."""
        path = self.path_of(task)
        if not path.exists():
            reason = self._failure_reason(task)
            return State("missing") if reason is None else State("failed", reason)
        try:
            summary = self.files.describe(path)
        except InputError as error:
            return State("damaged", str(error))
        expected_num = task.num_frames - self.files.length_offset
        if summary.num != expected_num:
            return State("damaged", f"'{path}' must have {expected_num} entries, got {summary.num}")
        difference = _find_difference(self.provenance, summary.provenance)
        if difference is not None:
            key, expected, actual = difference
            return State("damaged", f"'{key}' of '{path}' must be {expected} as of its folder, got {actual}")
        return State("done", None, summary)

    def verify(self, task: Task) -> State:
        """Return the state of a task after reading all of its file; a file with hidden damage is removed.

        In a folder that cannot be written it stays, and the reason says so.
        """
        state = self.state(task)
        if state.kind == "done":
            try:
                self.files.verify(self.path_of(task))
            except InputError as error:
                try:
                    self.path_of(task).unlink()
                except OSError as unlink_error:
                    return State("damaged", f"{error}; it cannot be removed: {unlink_error.strerror}")
                return State("damaged", str(error))
        return state

    def record_failure(self, task: Task, reason: str) -> None:
        """Store why a task failed; it counts until the video or the index changes."""
        write_json(self._failure_path(task), {**_identify(task), "reason": reason})

    def clear_failure(self, task: Task) -> None:
        """Remove the recorded failure of a task."""
        self._failure_path(task).unlink(missing_ok=True)

    def _failure_reason(self, task: Task) -> str | None:
        try:
            failure = json.loads(self._failure_path(task).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):  # also where another run clears it at this moment
            return None
        reason = failure.pop("reason", None) if isinstance(failure, dict) else None
        return reason if isinstance(reason, str) and failure == _identify(task) else None


def _find_difference(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """Return the first key whose values differ, and the differing entries of both values."""
    for key in sorted(expected.keys() | actual.keys()):
        if expected.get(key) != actual.get(key):
            return key, *_differing_entries(expected.get(key), actual.get(key))
    return None


def _differing_entries(expected: Any, actual: Any) -> tuple[Any, Any]:
    """Return two values reduced to what differs, down through nested dictionaries; None for a missing entry."""
    if not (isinstance(expected, dict) and isinstance(actual, dict)):
        return expected, actual
    keys = [key for key in sorted(expected.keys() | actual.keys()) if expected.get(key) != actual.get(key)]
    pairs = {key: _differing_entries(expected.get(key), actual.get(key)) for key in keys}
    return {key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}


def _identify(task: Task) -> dict[str, Any]:
    """Return the identity of a video: when it is repaired or prepared again, it is tried again."""
    size = task.video.stat().st_size if task.video.is_file() else None
    return {"id": task.id, "num_frames": task.num_frames, "bytes": size}
