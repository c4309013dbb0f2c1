"""Decode every video once and hand its frames to all extractors; files appear complete or not at all.

What is finished is kept and skipped the next time, what fails is reported and never stops the others. Frames pass in
chunks of a fixed size, counted from the start of the video, so that a result does not depend on what was done before
and a long video needs no more memory than a short one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import av
import cv2
import numpy as np

from modalities.checks import InputError, fail
from modalities.store import StorageError, read_json, write_json
from modalities.video import iter_frames

CHUNK = 32
"""Frames that are in memory at once."""


class Sink(Protocol):
    """Takes the frames of one video, chunk by chunk."""

    def add(self, frames: np.ndarray) -> None:
        """Frames uint8 ``[T, H, W, 3]``, RGB, that follow those of the call before."""
        ...


class Extractor(Protocol):
    """Makes one file of a video.

    Attributes:
        stream: name of the stream, and of the folder of its files.
        suffix: of its files.
        provenance: everything that decides the result.
    """

    stream: str
    suffix: str

    @property
    def provenance(self) -> dict[str, Any]: ...

    def open(self, path: Path) -> AbstractContextManager[Sink]:
        """A sink whose file appears at ``path`` when its ``with`` block ends well, and not otherwise."""
        ...

    def describe(self, path: Path) -> dict[str, Any]:
        """What a finished file holds, at least ``num``, its number of entries."""
        ...


@dataclass(frozen=True)
class Task:
    """One video to extract from.

    Args:
        id: names the files, unique.
        video: path of the file.
        num_frames: how many frames the index says it has.
    """

    id: str
    video: Path
    num_frames: int


class Outcome(NamedTuple):
    """What became of a task; ``error`` is the reason where it failed."""

    task: Task
    error: str | None


def file_of(task: Task, extractor: Extractor, root: Path) -> Path:
    """Where an extractor's file of a task lies."""
    return root / extractor.stream / f"{task.id}{extractor.suffix}"


def unfinished(tasks: Iterable[Task], extractors: Sequence[Extractor], root: Path) -> list[Task]:
    """The tasks of which a file is missing."""
    return [task for task in tasks if not all(file_of(task, each, root).exists() for each in extractors)]


def open_store(extractor: Extractor, root: Path) -> None:
    """Make the folder of a stream, or check that the one there was made in the same way; sweep half-written files.

    Only one extraction at a time may write into a store.

    Raises:
        InputError: if its ``provenance.json`` says something else.
    """
    folder = root / extractor.stream
    path = folder / "provenance.json"
    ours = {**extractor.provenance, "decoder": {"av": av.__version__}}
    if path.exists():
        theirs = read_json(path, cure=f"delete the folder '{folder}' and extract again")
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key) != theirs.get(key):
                cure = f"use the same settings and versions, or delete '{folder}' to extract all of it again"
                fail(f"'{key}' of this extraction", f"be {theirs.get(key)} as '{path}' says", ours.get(key), cure)
    else:
        write_json(path, ours)
    for partial in folder.glob(".*.partial*"):
        partial.unlink(missing_ok=True)


def extract_video(task: Task, extractors: Sequence[Extractor], root: Path) -> None:
    """Decode one video once for all extractors that have no file of it yet.

    Raises:
        InputError: if the video cannot be read or has another number of frames than the index says.
    """
    missing = [each for each in extractors if not file_of(task, each, root).exists()]
    seen = 0
    with ExitStack() as stack:
        sinks = [stack.enter_context(each.open(file_of(task, each, root))) for each in missing]
        for frames in _chunks(iter_frames(task.video)):
            seen += len(frames)
            for sink in sinks:
                sink.add(frames)
        if seen != task.num_frames:
            cure = "prepare the dataset again"
            fail(f"video '{task.video}'", f"have {task.num_frames} frames as the index says", seen, cure)


def _chunks(frames: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    while chunk := list(islice(frames, CHUNK)):
        yield np.stack(chunk)


def _attempt(task: Task, extractors: Sequence[Extractor], root: Path) -> Outcome:
    try:
        extract_video(task, extractors, root)
    except StorageError:  # of no use to try the others
        raise
    except InputError as error:
        return Outcome(task, str(error))
    except Exception as error:  # a bug met by one video must not cost the others
        return Outcome(task, f"{type(error).__name__}: {error}")
    return Outcome(task, None)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Workers are processes; threads of their own would only wait for each other."""
    torch = sys.modules.get("torch")  # imported only where an extractor needs it
    before = cv2.getNumThreads(), torch.get_num_threads() if torch else 1
    try:
        cv2.setNumThreads(1)
        if torch:
            torch.set_num_threads(1)
        yield
    finally:
        cv2.setNumThreads(before[0])
        if torch:
            torch.set_num_threads(before[1])


_built: Sequence[Extractor] = ()


def _start(build: Callable[[], Sequence[Extractor]]) -> None:
    global _built
    _built = build()  # once a worker, because models are heavy


def _work(task: Task, root: Path) -> Outcome:
    with _one_thread():
        return _attempt(task, _built, root)


def extract(
    tasks: Sequence[Task], build: Callable[[], Sequence[Extractor]], root: Path, *, workers: int = 1
) -> Iterator[Outcome]:
    """Extract from all tasks; outcomes come in the order in which they are done.

    Args:
        tasks: videos; what is finished of them is skipped.
        build: makes the extractors; picklable, because every worker makes its own.
        root: folder of the stores.
        workers: processes; with 1 the work is done in this one.

    Raises:
        InputError: if the extractors cannot be built, a store was made in another way, a worker is killed, or nothing
            more can be written.
    """
    if workers < 1:
        fail("workers", "be at least 1", workers)
    extractors = build()
    for extractor in extractors:
        open_store(extractor, root)
    if workers == 1:
        with _one_thread():
            yield from (_attempt(task, extractors, root) for task in tasks)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (build,))
    try:
        for future in as_completed([pool.submit(_work, task, root) for task in tasks]):
            yield future.result()
    except BrokenProcessPool:
        fail("extraction workers", "live to the end", "one that was killed", "run again with fewer --workers")
    finally:
        pool.shutdown(cancel_futures=True)
