"""One worker process that works on several videos at once, for a GPU, which then holds each network once.

Every video has a thread. Decoding, storing and the parts of extractors that compute on the CPU run at once; an
extractor whose network is not to be called from two threads at once sees to that itself.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType

from triad.modalities.checks import fail
from triad.modalities.extraction import one_video
from triad.modalities.extraction.interfaces import Job, Outcome
from triad.modalities.extraction.stream_store import StreamStore
from triad.modalities.extraction.workers import ExtractorFactory, one_thread, open_pool, work_alone
from triad.modalities.processes import available_cores, end_with_parent

MAX_VIDEOS = 8
"""Largest number of videos at once by default: of frames of high definition they take 5 GB of the host's memory."""


class SharedWorker:
    """Worker that works on several videos at once, see :class:`triad.modalities.extraction.Workers`.

    When its process dies, the videos that it worked on are done again one by one, each in a process of its own: the one
    that dies again has failed.

    Args:
        num_videos: number of videos at once; by default one for two cores, between 2 and 8.

    Raises:
        InputError: If the number is below 1.
    """

    def __init__(self, num_videos: int | None = None) -> None:
        if num_videos is None:
            num_videos = min(max(available_cores() // 2, 2), MAX_VIDEOS)
        if num_videos < 1:
            fail("videos at once", "be at least 1", num_videos)
        self.num_workers = num_videos

    def __call__(
        self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: ExtractorFactory
    ) -> Iterator[Outcome]:
        self.num_workers = max(1, min(self.num_workers, len(jobs)))
        threads = available_cores() >= 2 * self.num_workers
        root = stores[0].folder.parent
        waiting = list(reversed(jobs))
        while waiting:
            running: dict[str, Job] = {}
            with open_pool(1, partial(_start_worker, build, root, self.num_workers, threads)) as pool:
                yield from self._work_until_death(pool, waiting, running)
            for job in running.values():
                yield work_alone(job, build, root, threads=threads)

    def _work_until_death(
        self, pool: ProcessPoolExecutor, waiting: list[Job], running: dict[str, Job]
    ) -> Iterator[Outcome]:
        """Do waiting jobs until all are done or the process dies, which leaves its suspects in ``running``."""
        try:
            while waiting or running:
                while waiting and len(running) < self.num_workers:
                    job = waiting.pop()
                    running[job.task.id] = job
                    pool.submit(_begin, job).result()
                outcome = pool.submit(_wait_for_outcome).result()
                del running[outcome.task.id]
                yield outcome
        except BrokenProcessPool:
            return
        finally:
            with suppress(BrokenProcessPool, RuntimeError):  # the process or the pool has ended already
                pool.submit(_stop).result()


_stack = ExitStack()
_stop_event = Event()
_running: set[Future[Outcome]] = set()
_stores: Sequence[StreamStore] = ()
_threads = False
_pool: ThreadPoolExecutor


def _start_worker(build: ExtractorFactory, root: Path, num_videos: int, threads: bool) -> None:
    global _stores, _threads, _pool
    end_with_parent()
    _stores = [StreamStore.to_write(extractor, root) for extractor in build()]
    _threads = threads
    _stack.enter_context(one_thread())  # until the process ends: it is the same for all threads
    _pool = ThreadPoolExecutor(num_videos)


def _begin(job: Job) -> None:
    _running.add(_pool.submit(one_video.extract_video, job, _stores, threads=_threads, stop=_stop_event))


def _wait_for_outcome() -> Outcome:
    idle_handler = signal.signal(signal.SIGINT, _interrupt)  # Ctrl-C ends the videos without partial files
    try:
        done, _ = wait(_running, return_when=FIRST_COMPLETED)
        future = done.pop()
        _running.discard(future)
        return future.result()
    finally:
        signal.signal(signal.SIGINT, idle_handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _stop()
    raise KeyboardInterrupt


def _stop() -> None:
    _stop_event.set()
