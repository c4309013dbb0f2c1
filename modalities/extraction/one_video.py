"""Extraction from one video: one decode, all extractors.

Frames pass in chunks of a fixed size, counted from the start of the video, so that a result does not depend on what
was done before and a long video needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from threading import Event
from types import TracebackType

import numpy as np

from triad.modalities.atomic_files import StorageError
from triad.modalities.checks import InputError, fail
from triad.modalities.extraction.interfaces import Job, Outcome, Sink, Task
from triad.modalities.extraction.run_concurrently import RunCalls, run_concurrently
from triad.modalities.extraction.stream_store import StreamStore
from triad.modalities.stopwatch import Stopwatch, sum_seconds
from triad.modalities.video import iter_frames

CHUNK = 32
"""Frames that go to the extractors at once; twice as many are in memory."""


def extract_video(
    job: Job, stores: Sequence[StreamStore], *, threads: bool = False, stop: Event | None = None
) -> Outcome:
    """Make the files of a job in one pass over its video; a failure in one stream does not affect the others.

    Args:
        job: job to do.
        stores: stores of the streams.
        threads: whether the streams of a chunk are made, and the next chunk is decoded, in concurrent threads.
        stop: event that ends the job between two chunks, for a job in a thread, which Ctrl-C does not reach.

    Raises:
        KeyboardInterrupt: If the event was set.
        StorageError: If nothing more can be written, so that other videos would fail as well.
    """
    watch = Stopwatch()
    writers: list[_StreamWriter] = []
    with ExitStack() as stack:  # an early end leaves no half-written file
        for store in stores:
            if store.stream in job.streams:
                writers.append(writer := _StreamWriter(store, job.task))
                stack.push(writer.abort)
        try:
            with run_concurrently(threads=threads) as run_calls:
                _stream_frames(job.task, writers, watch, run_calls, stop or Event())
        except StorageError:
            raise
        except Exception as error:  # of the video, so of all its streams
            for writer in writers:
                writer.fail(error)
        for writer in writers:
            writer.finish()
    errors = {writer.stream: writer.error for writer in writers if writer.error is not None}
    return Outcome(job.task, errors, sum_seconds(watch, *(writer.watch for writer in writers)))


def _stream_frames(
    task: Task, writers: Sequence[_StreamWriter], watch: Stopwatch, run_calls: RunCalls, stop: Event
) -> None:
    num_frames = 0
    chunks = _iter_chunks(iter_frames(task.video), watch)
    frames = next(chunks, None)
    while frames is not None:
        if stop.is_set():
            raise KeyboardInterrupt
        num_frames += len(frames)
        *_, frames = run_calls([*(partial(writer.add, frames) for writer in writers), partial(next, chunks, None)])
        if all(writer.error is not None for writer in writers):
            return
    if num_frames != task.num_frames:
        cure = "prepare the dataset again"
        fail(f"video '{task.video}'", f"have {task.num_frames} frames as the index says", num_frames, cure)


def _iter_chunks(frames: Iterator[np.ndarray], watch: Stopwatch) -> Iterator[np.ndarray]:
    while True:
        with watch("decode"):
            chunk = _stack_frames(islice(frames, CHUNK))
        if chunk is None:
            return
        yield chunk


def _stack_frames(frames: Iterator[np.ndarray]) -> np.ndarray | None:
    """Return at most ``CHUNK`` frames as one array, filled one by one: a list of them would double the memory."""
    chunk = None
    number = 0
    for number, frame in enumerate(frames, 1):
        if chunk is None:
            chunk = np.empty((CHUNK, *frame.shape), frame.dtype)
        chunk[number - 1] = frame
    return None if chunk is None else chunk[:number]


class _StreamWriter:
    """Writer of one stream's file; its first error ends it and is kept, unless it is a StorageError.

    Attributes:
        stream: stream of the file.
        error: reason why there will be no file.
        watch: stopwatch of this file's work.
    """

    def __init__(self, store: StreamStore, task: Task) -> None:
        self.stream = store.stream
        self.watch = Stopwatch()
        self.error: str | None = None
        self._open_file = ExitStack()
        self._sink: Sink | None = None
        with self._keep_error():
            store.clear_failure(task)
            self._sink = self._open_file.enter_context(store.open(task, watch=self.watch))

    def add(self, frames: np.ndarray) -> None:
        if self.error is None and self._sink is not None:
            with self._keep_error():
                self._sink.add(frames)

    def finish(self) -> None:
        """Let the file appear."""
        if self.error is None:
            with self._keep_error(), self.watch("write"):
                self._open_file.close()

    def fail(self, error: Exception) -> None:
        """Keep an error, and give the file up."""
        if self.error is None:
            self.error = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            self.abort(type(error), error, error.__traceback__)

    def abort(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give the file up; do nothing if it has appeared or was given up."""
        self._open_file.__exit__(kind, error, trace)

    @contextmanager
    def _keep_error(self) -> Iterator[None]:
        try:
            yield
        except StorageError:
            raise
        except Exception as error:  # a bug that one video triggers must not cost the others
            self.fail(error)
