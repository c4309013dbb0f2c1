"""A run of extraction: what is finished is kept, what failed is remembered, what is left is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from modalities.atomic_files import remove_partial_files
from modalities.extraction.interfaces import Job, Outcome, Task
from modalities.extraction.shard import Shard, lock_shard
from modalities.extraction.stream_store import PROVENANCE, State, StreamStore
from modalities.extraction.workers import Build, LocalWorkers, Workers


class Run:
    """The jobs that are left to do; iterate over it to do them.

    Args:
        jobs: what is left.
        tasks: all videos of this run, finished ones too.
        stores: where their files go.
        outcomes: does the jobs.
        workers: who does them.

    Attributes:
        failures: reason by stream and id, of this run.
        frames: of the videos that were done.
        seconds: by kind of work, of all workers; ``wait`` is the rest: starting, and idle at the end.
        wall: seconds since the first job.
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
        self.jobs, self.tasks, self.stores = jobs, tasks, stores
        self.failures: dict[tuple[str, str], str] = {}
        self.seconds: dict[str, float] = {}
        self.frames = 0
        self.wall = 0.0
        self._outcomes, self._workers = outcomes, workers

    @property
    def workers(self) -> int:
        """How many work at once."""
        return self._workers.number

    def __iter__(self) -> Iterator[Outcome]:
        start, stores = perf_counter(), {store.stream: store for store in self.stores}
        for outcome in self._outcomes:
            for stream, reason in outcome.errors.items():
                stores[stream].remember(outcome.task, reason)
                self.failures[stream, outcome.task.id] = reason
            for name, seconds in outcome.seconds.items():
                self.seconds[name] = self.seconds.get(name, 0.0) + seconds
            self.frames += outcome.task.num_frames
            yield outcome
        self.wall = perf_counter() - start
        busy = sum(self.seconds.values())
        self.seconds["wait"] = max(self.workers * self.wall - busy, 0.0)


@contextmanager
def extraction(
    tasks: Sequence[Task],
    build: Build,
    root: Path,
    *,
    workers: Workers | None = None,
    shard: Shard | None = None,
    retry_failed: bool = False,
) -> Iterator[Run]:
    """Hold the stores of a run, and give what is left to do.

    Args:
        tasks: all videos of the dataset.
        build: makes the extractors; picklable, because every worker makes its own.
        root: folder of the stores.
        workers: who does it; by default this process.
        shard: of the tasks; by default all.
        retry_failed: try those again that failed before.

    Raises:
        InputError: if the extractors cannot be built, a store was made in another way, another run is at it, or nothing
            more can be written.
    """
    workers, shard = workers or LocalWorkers(), shard or Shard()
    mine = shard.of(tasks)
    stores = [StreamStore.to_write(extractor, root) for extractor in build()]
    with lock_shard([store.folder for store in stores], shard):
        for store in stores:
            if shard.whole:  # so nobody else is here
                remove_partial_files(store.folder, {Path(PROVENANCE).stem})
            store.prepare()
            store.remove_partial_files(mine)
        jobs = list(_left(mine, stores, retry_failed=retry_failed))
        yield Run(jobs, mine, stores, workers(jobs, stores, build), workers=workers)
        for store in stores:  # a worker that outlived its killed parent for a moment may have begun a file
            store.remove_partial_files(mine)


def _left(tasks: Sequence[Task], stores: Sequence[StreamStore], *, retry_failed: bool) -> Iterator[Job]:
    settled = {"done"} if retry_failed else {"done", "failed"}
    for task in tasks:
        streams = tuple(store.stream for store in stores if store.state(task).kind not in settled)
        if streams:
            yield Job(task, streams)


def verification(tasks: Sequence[Task], store: StreamStore, shard: Shard | None = None) -> Iterator[tuple[Task, State]]:
    """Read all of every file of a stream, or of a share of it, while nobody else writes there.

    Raises:
        InputError: if the files were made in another way than the store's, or a run is at it.
    """
    shard = shard or Shard()
    store.check()
    with lock_shard([store.folder], shard):
        for task in shard.of(tasks):
            yield task, store.verify(task)
