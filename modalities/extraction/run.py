"""Run of an extraction over the videos of a dataset, and verification of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from os import W_OK, access
from pathlib import Path
from time import perf_counter

from triad.modalities.extraction.interfaces import Job, Outcome, Task
from triad.modalities.extraction.shard import Shard, lock_shard
from triad.modalities.extraction.stream_store import PROVENANCE, State, StreamStore
from triad.modalities.extraction.workers import ExtractorFactory, LocalWorkers, Workers
from triad.modalities.partial_files import remove_partial_files


class ExtractionRun:
    """Jobs that remain to be done; iterating over it does them.

    Args:
        jobs: remaining jobs.
        tasks: all videos of this run, finished ones included.
        stores: stores of the files.
        outcomes: iterable that does the jobs.
        workers: workers that do the jobs.

    Attributes:
        failures: reason by stream and id, of this run.
        num_frames: number of frames of the videos that were done.
        seconds: seconds by kind of work, over all workers; ``wait`` is the remaining time: starting, and idle at the
            end.
        wall_seconds: seconds from the start of the first job to the end of the last.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        tasks: Sequence[Task],
        stores: Sequence[StreamStore],
        outcomes: Iterable[Outcome],
        *,
        workers: Workers,
    ) -> None:
        self.jobs = jobs
        self.tasks = tasks
        self.stores = stores
        self.failures: dict[tuple[str, str], str] = {}
        self.seconds: dict[str, float] = {}
        self.num_frames = 0
        self.wall_seconds = 0.0
        self._outcomes = outcomes
        self._workers = workers

    @property
    def num_workers(self) -> int:
        """Number of jobs that are done at once."""
        return self._workers.num_workers

    def __iter__(self) -> Iterator[Outcome]:
        start = perf_counter()
        stores_by_stream = {store.stream: store for store in self.stores}
        for outcome in self._outcomes:
            for stream, reason in outcome.errors.items():
                stores_by_stream[stream].record_failure(outcome.task, reason)
                self.failures[stream, outcome.task.id] = reason
            for name, seconds in outcome.seconds.items():
                self.seconds[name] = self.seconds.get(name, 0.0) + seconds
            self.num_frames += outcome.task.num_frames
            yield outcome
        self.wall_seconds = perf_counter() - start
        busy = sum(self.seconds.values())
        self.seconds["wait"] = max(self.num_workers * self.wall_seconds - busy, 0.0)


@contextmanager
def open_run(
    tasks: Sequence[Task],
    build: ExtractorFactory,
    root: Path,
    *,
    workers: Workers | None = None,
    shard: Shard | None = None,
    retry_failed: bool = False,
) -> Iterator[ExtractionRun]:
    """Lock the stores of a run, and give the run with the jobs that remain.

    Args:
        tasks: all videos of the dataset.
        build: constructor of the extractors; picklable, because every worker calls it.
        root: folder of the stores.
        workers: workers that do the jobs; by default this process.
        shard: share of the tasks; by default all.
        retry_failed: whether videos that failed before are tried again.

    Raises:
        InputError: If the extractors cannot be built, a store was made with other settings, another run holds the lock,
            or nothing more can be written.
    """
    workers = workers or LocalWorkers()
    shard = shard or Shard()
    shard_tasks = shard.select(tasks)
    stores = [StreamStore.to_write(extractor, root) for extractor in build()]
    with lock_shard([store.folder for store in stores], shard):
        for store in stores:
            if shard.is_whole:  # so that no other run is here
                remove_partial_files(store.folder, {Path(PROVENANCE).stem})
            store.prepare()
            store.remove_partial_files(shard_tasks)
        jobs = list(_remaining_jobs(shard_tasks, stores, retry_failed=retry_failed))
        yield ExtractionRun(jobs, shard_tasks, stores, workers(jobs, stores, build), workers=workers)
        for store in stores:  # a worker that outlived its killed parent for a moment may have begun a file
            store.remove_partial_files(shard_tasks)


def _remaining_jobs(tasks: Sequence[Task], stores: Sequence[StreamStore], *, retry_failed: bool) -> Iterator[Job]:
    skipped_kinds = {"done"} if retry_failed else {"done", "failed"}
    for task in tasks:
        streams = tuple(store.stream for store in stores if store.state(task).kind not in skipped_kinds)
        if streams:
            yield Job(task, streams)


def verify_stream(
    tasks: Sequence[Task], store: StreamStore, shard: Shard | None = None
) -> Iterator[tuple[Task, State]]:
    """Read all of every file of a stream, or of a shard of it, while no run writes there.

    A folder that cannot be written is not locked.

    Args:
        tasks: all videos of the dataset.
        store: store of the stream.
        shard: share of the tasks; by default all.

    Raises:
        InputError: If the files were made with other settings than the store's, or a run holds the lock.
    """
    shard = shard or Shard()
    store.check()
    with lock_shard([store.folder], shard) if access(store.folder, W_OK) else nullcontext():
        for task in shard.select(tasks):
            yield task, store.verify(task)
