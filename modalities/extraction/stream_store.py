"""The folder of a stream: which videos are finished, which failed and why, what made the files.

OUT/<stream>/provenance.json     what makes all files of the folder
OUT/<stream>/<id>.<suffix>       one a video; holds the same provenance
OUT/<stream>/failed/<id>.json    why a video has no file, so that it is not tried again and again
OUT/<stream>/.locks/             who writes here, see modalities.extraction.claim
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import av

from modalities.atomic_files import read_json, remove_partial_files, write_json
from modalities.checks import InputError, fail
from modalities.extraction.interfaces import Extractor, FileSummary, Sink, StreamFiles, Task
from modalities.extraction.stopwatch import Stopwatch

PROVENANCE = "provenance.json"
CURE = "delete '{folder}' to extract all of it again"


class State(NamedTuple):
    """How far a video is.

    Attributes:
        kind: ``damaged`` is a file that is there, and must be made again.
        reason: why it failed or is damaged.
        held: what the finished file holds.
    """

    kind: Literal["done", "failed", "missing", "damaged"]
    reason: str | None = None
    held: FileSummary | None = None


class StreamStore:
    """The folder of a stream.

    Args:
        files: how its files are read.
        root: folder of the index.
        provenance: what must have made its files.
    """

    def __init__(self, files: StreamFiles, root: Path, provenance: Mapping[str, Any]) -> None:
        self.files, self.stream, self.folder = files, files.stream, root / files.stream
        self.provenance = json.loads(json.dumps(provenance))  # as it is read back

    @classmethod
    def to_write(cls, extractor: Extractor, root: Path) -> StreamStore:
        """The store that an extractor writes; its provenance is the extractor's and the decoder's."""
        return cls(extractor, root, {**extractor.provenance, "decoder": {"av": av.__version__}})

    @classmethod
    def to_read(cls, files: StreamFiles, root: Path) -> StreamStore:
        """A store that is there, made by whatever its ``provenance.json`` says.

        Raises:
            InputError: if that file is missing or damaged.
        """
        folder = root / files.stream
        return cls(files, root, read_json(folder / PROVENANCE, cure=CURE.format(folder=folder)))

    def path_of(self, task: Task) -> Path:
        return self.folder / f"{task.id}{self.files.suffix}"

    def _failure_of(self, task: Task) -> Path:
        return self.folder / "failed" / f"{task.id}.json"

    def prepare(self) -> None:
        """Make the folder, or check that the one there was made in the same way.

        Raises:
            InputError: as :meth:`check`.
        """
        if not (path := self.folder / PROVENANCE).exists():
            write_json(path, self.provenance, replace=False)  # of shards that start at once, the first one's stays
        self.check()

    def check(self) -> None:
        """Compare what makes files now with what made those that are there.

        Raises:
            InputError: if ``provenance.json`` is missing or says something else.
        """
        path, cure = self.folder / PROVENANCE, CURE.format(folder=self.folder)
        theirs = read_json(path, cure=cure)
        for key in sorted(self.provenance.keys() | theirs.keys()):
            if self.provenance.get(key) != theirs.get(key):
                wanted, got = _difference(theirs.get(key), self.provenance.get(key))
                cure = f"use the same settings and versions, or {cure}"
                fail(f"'{key}' of this extraction", f"be {wanted} as '{path}' says", got, cure)

    def remove_partial_files(self, tasks: Iterable[Task]) -> None:
        """Remove half-written files of these tasks, which a killed run left."""
        stems = {task.id for task in tasks}
        remove_partial_files(self.folder, stems)
        remove_partial_files(self.folder / "failed", stems)

    def open(self, task: Task, *, watch: Stopwatch) -> AbstractContextManager[Sink]:
        """A sink for the file of a task."""
        extractor: Extractor = self.files  # type: ignore[assignment]  # of to_write
        return extractor.open(self.path_of(task), provenance=self.provenance, watch=watch)

    def state(self, task: Task) -> State:
        """How far a task is, told by its file: whole as far as a glance tells, of this provenance, of right length."""
        path = self.path_of(task)
        if not path.exists():
            reason = self._remembered(task)
            return State("missing") if reason is None else State("failed", reason)
        try:
            held = self.files.describe(path)
        except InputError as error:
            return State("damaged", str(error))
        wanted = task.num_frames + self.files.length_offset
        if held.num != wanted:
            return State("damaged", f"'{path}' must have {wanted} entries, got {held.num}")
        for key in sorted(self.provenance.keys() | held.provenance.keys()):
            if self.provenance.get(key) != held.provenance.get(key):
                must, got = _difference(self.provenance.get(key), held.provenance.get(key))
                return State("damaged", f"'{key}' of '{path}' must be {must} as of its folder, got {got}")
        return State("done", None, held)

    def verify(self, task: Task) -> State:
        """As :meth:`state`, having read all of the file; what no glance tells is removed, to be made again."""
        state = self.state(task)
        if state.kind == "done":
            try:
                self.files.verify(self.path_of(task))
            except InputError as error:
                self.path_of(task).unlink()
                return State("damaged", str(error))
        return state

    def remember(self, task: Task, reason: str) -> None:
        """Keep why a task failed; it counts until the video or the index changes."""
        write_json(self._failure_of(task), {**_identity(task), "reason": reason})

    def forget(self, task: Task) -> None:
        self._failure_of(task).unlink(missing_ok=True)

    def _remembered(self, task: Task) -> str | None:
        try:
            note = json.loads(self._failure_of(task).read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # also where another run forgets it just now
            return None
        reason = note.pop("reason", None)
        return reason if note == _identity(task) else None


def _difference(wanted: Any, got: Any) -> tuple[Any, Any]:
    """What differs between two values: of dictionaries those entries that do, however deep; None where one has none."""
    if not (isinstance(wanted, dict) and isinstance(got, dict)):
        return wanted, got
    keys = [key for key in sorted(wanted.keys() | got.keys()) if wanted.get(key) != got.get(key)]
    pairs = {key: _difference(wanted.get(key), got.get(key)) for key in keys}
    return {key: pair[0] for key, pair in pairs.items()}, {key: pair[1] for key, pair in pairs.items()}


def _identity(task: Task) -> dict[str, Any]:
    """What a video was when it failed: when it is mended or prepared again, it is worth another attempt."""
    size = task.video.stat().st_size if task.video.is_file() else None
    return {"id": task.id, "num_frames": task.num_frames, "bytes": size}
