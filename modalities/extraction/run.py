"""A run of extraction: what is finished is kept, what failed is remembered, what is left is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from modalities.checks import fail
from modalities.extraction.contract import Job, Outcome, Task
from modalities.extraction.shard import Shard, claim
from modalities.extraction.stream_store import PROVENANCE, State, StreamStore
from modalities.extraction.workers import Build, work_here, work_in_processes
from modalities.store import sweep


class Run:
    """The jobs that are left to do; iterate over it to do them.

    Args:
        jobs: what is left.
        tasks: all videos of this run, finished ones too.
        stores: where their files go.
        outcomes: does the jobs.
        workers: how many at once.

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
        workers: int,
    ) -> None:
        self.jobs, self.tasks, self.stores, self.workers = jobs, tasks, stores, workers
        self.failures: dict[tuple[str, str], str] = {}
        self.seconds: dict[str, float] = {}
        self.frames = 0
        self.wall = 0.0
        self._outcomes = outcomes

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
    workers: int = 1,
    shard: Shard | None = None,
    retry_failed: bool = False,
) -> Iterator[Run]:
    """Hold the stores of a run, and give what is left to do.

    Args:
        tasks: all videos of the dataset.
        build: makes the extractors; picklable, because every worker makes its own.
        root: folder of the stores.
        workers: processes; with 1 the work is done in this one, which a crash in a library then ends.
        shard: of the tasks; by default all.
        retry_failed: try those again that failed before.

    Raises:
        InputError: if the extractors cannot be built, a store was made in another way, another run is at it, or nothing
            more can be written.
    """
    if workers < 1:
        fail("workers", "be at least 1", workers)
    shard = shard or Shard()
    mine = shard.of(tasks)
    stores = [StreamStore.to_write(extractor, root) for extractor in build()]
    with claim([store.folder for store in stores], shard):
        for store in stores:
            if shard.whole:  # so nobody else is here
                sweep(store.folder, {Path(PROVENANCE).stem})
            store.prepare()
            store.sweep(mine)
        jobs = list(_left(mine, stores, retry_failed=retry_failed))
        if workers == 1 or not jobs:
            outcomes = work_here(jobs, stores)
        else:
            outcomes = work_in_processes(jobs, build, root, workers=min(workers, len(jobs)))
        yield Run(jobs, mine, stores, outcomes, workers=min(workers, max(len(jobs), 1)))
        for store in stores:  # a worker that outlived its killed parent for a moment may have begun a file
            store.sweep(mine)


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
    with claim([store.folder], shard):
        for task in shard.of(tasks):
            yield task, store.verify(task)
