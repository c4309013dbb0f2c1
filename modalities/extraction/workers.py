"""Jobs done here or in processes; a job whose process dies is a failure of its video, not of the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import cv2

from modalities.checks import fail
from modalities.extraction import one_video
from modalities.extraction.interfaces import Extractor, Job, Outcome
from modalities.extraction.stream_store import StreamStore
from modalities.processes import available_cores, end_with_parent

Build = Callable[[], Sequence[Extractor]]
DIED = "the process that worked on it died, twice: a crash in a library, or too little memory"


class Workers(Protocol):
    """Whoever does jobs.

    Attributes:
        number: how many work at once; known, where a cluster decides it, when the first outcome is there.
    """

    number: int

    def __call__(self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: Build) -> Iterator[Outcome]:
        """Outcomes in the order in which jobs are done; one that is not taken to its end leaves nothing running.

        Args:
            jobs: to do, the first ones first.
            stores: where their files go, made of what ``build`` gives.
            build: makes the extractors; picklable, because every worker makes its own.
        """
        ...


class LocalWorkers:
    """Workers on this machine; where there are two cores a worker or more, it makes the streams of a video at once.

    Args:
        number: of processes; with 1 the work is done in this one, which a crash in a library then ends.
    """

    def __init__(self, number: int = 1) -> None:
        if number < 1:
            fail("workers", "be at least 1", number)
        self.number, self._apart = number, number > 1

    def __call__(self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: Build) -> Iterator[Outcome]:
        self.number = max(1, min(self.number, len(jobs)))
        threads = available_cores() >= 2 * self.number
        if self.number == 1 and not self._apart:
            return work_here(jobs, stores, threads=threads)
        root = stores[0].folder.parent
        return work_in_processes(jobs, build, root, workers=self.number, threads=threads)


@contextmanager
def one_thread() -> Iterator[None]:
    """Workers are processes; threads within a library would only wait for each other, and change results."""
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


def work_here(jobs: Sequence[Job], stores: Sequence[StreamStore], *, threads: bool) -> Iterator[Outcome]:
    """Jobs one after another in this process."""
    for job in jobs:
        with one_thread():
            outcome = one_video.extract_video(job, stores, threads=threads)
        yield outcome


def work_in_processes(
    jobs: Sequence[Job], build: Build, root: Path, *, workers: int, threads: bool
) -> Iterator[Outcome]:
    """Jobs in processes that each build the extractors once; outcomes come in the order in which they are done.

    When a process dies, the jobs that were under way are done again one by one, each in a process of its own: the one
    that dies again has failed.
    """
    waiting = list(reversed(jobs))
    while waiting:
        under_way: dict[Future[Outcome], Job] = {}
        with _pool(build, root, workers, threads) as pool:
            yield from _until_one_dies(pool, waiting, under_way, workers)
        for first, job in under_way.items():
            future = first
            if _died(first):
                with _pool(build, root, 1, threads) as pool:
                    future = pool.submit(_work, job)
                    future.exception()  # waits
            yield Outcome(job.task, dict.fromkeys(job.streams, DIED)) if _died(future) else future.result()


def _until_one_dies(
    pool: ProcessPoolExecutor, waiting: list[Job], under_way: dict[Future[Outcome], Job], workers: int
) -> Iterator[Outcome]:
    """No more jobs are handed out than there are workers, so that few are suspects when one dies."""
    while waiting or under_way:
        while waiting and len(under_way) < workers:
            try:
                under_way[pool.submit(_work, waiting[-1])] = waiting[-1]
            except BrokenProcessPool:
                return
            waiting.pop()
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        whole = [future for future in done if not _died(future)]
        for future in whole:
            del under_way[future]
        yield from (future.result() for future in whole)
        if len(whole) < len(done):
            return


def _died(future: Future[Outcome]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


@contextmanager
def _pool(build: Build, root: Path, workers: int, threads: bool) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _start, (build, root, threads))
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


def _start(build: Build, root: Path, threads: bool) -> None:
    global _stores, _threads
    end_with_parent()
    _threads = threads
    _stores = [StreamStore.to_write(extractor, root) for extractor in build()]  # once a worker: models are heavy


def _work(job: Job) -> Outcome:
    idle = signal.signal(signal.SIGINT, signal.default_int_handler)  # Ctrl-C ends a job, and leaves nothing of it
    try:
        with one_thread():
            return one_video.extract_video(job, _stores, threads=_threads)
    finally:
        signal.signal(signal.SIGINT, idle)
