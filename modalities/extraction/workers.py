"""Workers in this process or in child processes; a job whose process dies is a failure of its video, not of the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import cv2

from triad.modalities.checks import fail
from triad.modalities.extraction import one_video
from triad.modalities.extraction.interfaces import Extractor, Job, Outcome
from triad.modalities.extraction.stream_store import StreamStore
from triad.modalities.processes import available_cores, end_with_parent

ExtractorFactory = Callable[[], Sequence[Extractor]]
DIED = "the process that worked on it died, twice: a crash in a library, or too little memory"


class Workers(Protocol):
    """Workers that do jobs.

    Attributes:
        num_workers: number of jobs that are done at once; of a cluster it is known with the first outcome.
    """

    num_workers: int

    def __call__(
        self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: ExtractorFactory
    ) -> Iterator[Outcome]:
        """Give outcomes in the order in which jobs are done; an iterator that is left early leaves nothing running.

        Args:
            jobs: jobs to do, in the order in which they are begun.
            stores: stores of the files, made of what ``build`` returns.
            build: constructor of the extractors; picklable, because every worker calls it.
        """
        ...


class LocalWorkers:
    """Workers on this machine; with two cores a worker or more, each makes the streams of a video concurrently.

    Args:
        num_workers: number of processes; with 1 the jobs are done in this process, which a crash in a library then
            ends.
    """

    def __init__(self, num_workers: int = 1) -> None:
        if num_workers < 1:
            fail("workers", "be at least 1", num_workers)
        self.num_workers = num_workers
        self._in_processes = num_workers > 1

    def __call__(
        self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: ExtractorFactory
    ) -> Iterator[Outcome]:
        self.num_workers = max(1, min(self.num_workers, len(jobs)))
        threads = available_cores() >= 2 * self.num_workers
        if not self._in_processes:
            return work_here(jobs, stores, threads=threads)
        root = stores[0].folder.parent
        return work_in_processes(jobs, build, root, num_workers=self.num_workers, threads=threads)


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit libraries to one thread: the threads of several workers would wait for each other, and change results."""
    torch = sys.modules.get("torch")  # imported only where an extractor needs it
    opencv_threads = cv2.getNumThreads()
    torch_threads = torch.get_num_threads() if torch else 1
    try:
        cv2.setNumThreads(1)
        if torch:
            torch.set_num_threads(1)
        yield
    finally:
        cv2.setNumThreads(opencv_threads)
        if torch:
            torch.set_num_threads(torch_threads)


def work_here(jobs: Sequence[Job], stores: Sequence[StreamStore], *, threads: bool) -> Iterator[Outcome]:
    """Do jobs one after another in this process.

    Args:
        jobs: jobs to do.
        stores: stores of the files.
        threads: whether the streams of a video are made concurrently.
    """
    for job in jobs:
        with one_thread():
            outcome = one_video.extract_video(job, stores, threads=threads)
        yield outcome


def work_in_processes(
    jobs: Sequence[Job], build: ExtractorFactory, root: Path, *, num_workers: int, threads: bool
) -> Iterator[Outcome]:
    """Do jobs in processes that each build the extractors once; outcomes come in the order in which they are done.

    When a process dies, the jobs that were running are done again one by one, each in a process of its own: the one
    that dies again has failed.

    Args:
        jobs: jobs to do.
        build: constructor of the extractors.
        root: folder of the stores.
        num_workers: number of processes.
        threads: whether the streams of a video are made concurrently.
    """
    waiting = list(reversed(jobs))
    while waiting:
        running: dict[Future[Outcome], Job] = {}
        with open_pool(num_workers, partial(_start_worker, build, root, threads)) as pool:
            yield from _work_until_death(pool, waiting, running, num_workers)
        for attempt, job in running.items():
            yield work_alone(job, build, root, threads=threads) if _has_died(attempt) else attempt.result()


def work_alone(job: Job, build: ExtractorFactory, root: Path, *, threads: bool) -> Outcome:
    """Do a job that may have killed its process once more, in a process of its own; if it dies again, it has failed.

    The arguments are those of :func:`work_in_processes`.
    """
    with open_pool(1, partial(_start_worker, build, root, threads)) as pool:
        attempt = pool.submit(_work, job)
        if _has_died(attempt):  # waits
            return Outcome(job.task, dict.fromkeys(job.streams, DIED))
        return attempt.result()


def _work_until_death(
    pool: ProcessPoolExecutor, waiting: list[Job], running: dict[Future[Outcome], Job], num_workers: int
) -> Iterator[Outcome]:
    """Do waiting jobs until all are done or a process dies, which leaves its suspects in ``running``.

    No more jobs are submitted than there are workers, so that suspects are few.
    """
    while waiting or running:
        while waiting and len(running) < num_workers:
            try:
                running[pool.submit(_work, waiting[-1])] = waiting[-1]
            except BrokenProcessPool:
                return
            waiting.pop()
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        finished = [future for future in done if not _has_died(future)]
        for future in finished:
            del running[future]
        yield from (future.result() for future in finished)
        if len(finished) < len(done):
            return


def _has_died(future: Future[Outcome]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


@contextmanager
def open_pool(num_workers: int, start_worker: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes that have started; when the block ends, they have ended.

    Args:
        num_workers: number of processes.
        start_worker: function that each process calls first; picklable.

    Raises:
        InputError: If a process dies at once.
    """
    pool = ProcessPoolExecutor(num_workers, multiprocessing.get_context("spawn"), start_worker)
    try:
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool:
            fail("extraction workers", "start", "one that died at once", "see above why, or run with --workers 1")
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_stores: Sequence[StreamStore] = ()
_threads = False


def _start_worker(build: ExtractorFactory, root: Path, threads: bool) -> None:
    global _stores, _threads
    end_with_parent()
    _threads = threads
    _stores = [StreamStore.to_write(extractor, root) for extractor in build()]  # once a worker: models are heavy


def _work(job: Job) -> Outcome:
    idle_handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # Ctrl-C ends a job without a partial file
    try:
        with one_thread():
            return one_video.extract_video(job, _stores, threads=_threads)
    finally:
        signal.signal(signal.SIGINT, idle_handler)
