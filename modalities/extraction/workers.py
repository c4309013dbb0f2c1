"""Jobs done here or in processes; a job whose process dies is a failure of its video, not of the run."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from threading import Thread

import cv2

from modalities.checks import fail
from modalities.extraction import one_video
from modalities.extraction.contract import Extractor, Job, Outcome
from modalities.extraction.stream_store import StreamStore

Build = Callable[[], Sequence[Extractor]]
DIED = "the process that worked on it died, twice: a crash in a library, or too little memory"


@contextmanager
def one_thread() -> Iterator[None]:
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


def work_here(jobs: Sequence[Job], stores: Sequence[StreamStore]) -> Iterator[Outcome]:
    """Jobs one after another in this process."""
    for job in jobs:
        with one_thread():
            outcome = one_video.extract_video(job, stores)
        yield outcome


def work_in_processes(jobs: Sequence[Job], build: Build, root: Path, *, workers: int) -> Iterator[Outcome]:
    """Jobs in processes that each build the extractors once; outcomes come in the order in which they are done.

    When a process dies, the jobs that were under way are done again one by one, each in a process of its own: the one
    that dies again has failed.
    """
    waiting = list(reversed(jobs))
    while waiting:
        under_way: dict[Future[Outcome], Job] = {}
        with _pool(build, root, workers) as pool:
            yield from _until_one_dies(pool, waiting, under_way, workers)
        for first, job in under_way.items():
            future = first
            if _died(first):
                with _pool(build, root, 1) as pool:
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
def _pool(build: Build, root: Path, workers: int) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _start, (build, root))
    try:
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool:
            fail("extraction workers", "start", "one that died at once", "see above why, or run with --workers 1")
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_stores: Sequence[StreamStore] = ()


def _start(build: Build, root: Path) -> None:
    global _stores
    Thread(target=_end_with_parent, daemon=True).start()
    _stores = [StreamStore.to_write(extractor, root) for extractor in build()]  # once a worker: models are heavy


def _end_with_parent() -> None:
    """A killed parent cannot end its workers; they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(job: Job) -> Outcome:
    with one_thread():
        return one_video.extract_video(job, _stores)
