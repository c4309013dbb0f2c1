"""Decode one video once and hand its frames to all extractors.

Frames pass in chunks of a fixed size, counted from the start of the video, so that a result does not depend on what
was done before and a long video needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from types import TracebackType

import numpy as np

from modalities.atomic_files import StorageError
from modalities.checks import InputError, fail
from modalities.extraction.interfaces import Job, Outcome, Sink, Task
from modalities.extraction.run_concurrently import Do, run_concurrently
from modalities.extraction.stopwatch import Stopwatch, total
from modalities.extraction.stream_store import StreamStore
from modalities.video import iter_frames

CHUNK = 32
"""Frames that go to the extractors at once; twice as many are in memory."""


def extract_video(job: Job, stores: Sequence[StreamStore], *, threads: bool = False) -> Outcome:
    """Make the files of a job in one pass over its video; what fails in one stream costs no other.

    Args:
        job: to do.
        stores: of the streams.
        threads: decode the next frames, and make each stream of these ones, in threads beside each other.

    Raises:
        StorageError: if nothing more can be written, so that it would be of no use to try other videos.
    """
    watch = Stopwatch()
    lines: list[_StreamWriter] = []
    with ExitStack() as stack:  # whatever ends this early leaves no half-written file
        for store in stores:
            if store.stream in job.streams:
                lines.append(line := _StreamWriter(store, job.task))
                stack.push(line.abort)
        try:
            with run_concurrently(threads=threads) as do:
                _pass(job.task, lines, watch, do)
        except StorageError:
            raise
        except Exception as error:  # of the video, so of all its streams
            for line in lines:
                line.fail(error)
        for line in lines:
            line.finish()
    errors = {line.stream: line.error for line in lines if line.error is not None}
    return Outcome(job.task, errors, total(watch, *(line.watch for line in lines)))


def _pass(task: Task, lines: Sequence[_StreamWriter], watch: Stopwatch, do: Do) -> None:
    seen, chunks = 0, _chunks(iter_frames(task.video), watch)
    frames = next(chunks, None)
    while frames is not None:
        seen += len(frames)
        *_, frames = do([*(partial(line.add, frames) for line in lines), partial(next, chunks, None)])
        if all(line.error is not None for line in lines):
            return
    if seen != task.num_frames:
        cure = "prepare the dataset again"
        fail(f"video '{task.video}'", f"have {task.num_frames} frames as the index says", seen, cure)


def _chunks(frames: Iterator[np.ndarray], watch: Stopwatch) -> Iterator[np.ndarray]:
    while True:
        with watch("decode"):
            chunk = _stacked(islice(frames, CHUNK))
        if chunk is None:
            return
        yield chunk


def _stacked(frames: Iterator[np.ndarray]) -> np.ndarray | None:
    """No more than ``CHUNK`` frames as one array, put there one by one: a list of them would take as much again."""
    stacked, number = None, 0
    for number, frame in enumerate(frames, 1):
        if stacked is None:
            stacked = np.empty((CHUNK, *frame.shape), frame.dtype)
        stacked[number - 1] = frame
    return None if stacked is None else stacked[:number]


class _StreamWriter:
    """The way of frames into one file; its first error ends it and is kept, unless no other file would do better.

    Attributes:
        stream: of the file.
        error: why there will be none.
        watch: what the time of this file was spent on.
    """

    def __init__(self, store: StreamStore, task: Task) -> None:
        self.stream, self.watch = store.stream, Stopwatch()
        self.error: str | None = None
        self._opened = ExitStack()
        self._sink: Sink | None = None
        with self._kept():
            store.forget(task)
            self._sink = self._opened.enter_context(store.open(task, watch=self.watch))

    def add(self, frames: np.ndarray) -> None:
        if self.error is None and self._sink is not None:
            with self._kept():
                self._sink.add(frames)

    def finish(self) -> None:
        """The file appears."""
        if self.error is None:
            with self._kept(), self.watch("write"):
                self._opened.close()

    def fail(self, error: Exception) -> None:
        if self.error is None:
            self.error = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            self.abort(type(error), error, error.__traceback__)

    def abort(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """No file appears; nothing happens where it is there already or given up."""
        self._opened.__exit__(kind, error, trace)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except StorageError:
            raise
        except Exception as error:  # a bug met by one video must not cost the others
            self.fail(error)
