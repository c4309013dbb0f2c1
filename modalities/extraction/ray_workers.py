"""Workers on a Ray cluster; a job whose worker is lost, alone or with its node, is done again by a new one."""

from __future__ import annotations

import logging
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from triad.modalities.checks import InputError, fail
from triad.modalities.extraction import one_video
from triad.modalities.extraction.interfaces import Job, Outcome
from triad.modalities.extraction.stream_store import StreamStore
from triad.modalities.extraction.workers import DIED, ExtractorFactory, one_thread

START_TIMEOUT = 300.0
"""Seconds until the first worker must be ready: the cluster may be busy, or start machines."""
MAX_FAILED_STARTS = 3
"""Workers in a row that may die before they are ready; a lost node takes those that start on it."""
VERSIONS_CURE = "triad, ray and Python must be the same on all nodes; see /tmp/ray/session_latest/logs there"
FOLDERS_CURE = "OUT, the videos and the weights must lie in folders that all nodes share, under the same path"


class WorkerSetup(NamedTuple):
    """Setup that every worker receives when it starts.

    Attributes:
        build: constructor of the extractors.
        root: folder of the stores.
        working_dir: working directory of the driver.
        threads: whether a worker makes the streams of a video concurrently, as on the cores beside a GPU.
    """

    build: ExtractorFactory
    root: Path
    working_dir: Path
    threads: bool


class RayWorkers:
    """Workers on a Ray cluster (Moritz et al. 2018, Ray: A Distributed Framework for Emerging AI Applications).

    Each is an actor on a CPU or a GPU of its own that builds the extractors once and writes its files itself, one job
    at a time. When a worker dies, a new one does its job again; a job that kills the new one, too, has failed. The
    cluster decides where a new worker is put; where there is no room, it waits until the others are done.

    Args:
        address: address of the cluster: ``auto`` on one of its nodes, ``host:6379``, ``ray://host:10001``; ``local``
            makes one of this machine.
        num_workers: largest number of workers; by default the number of the cluster's CPUs, or GPUs.
        gpus: number of GPUs of a worker.

    Raises:
        InputError: If Ray is not installed.
    """

    def __init__(self, address: str, *, num_workers: int | None = None, gpus: int = 0) -> None:
        self.address = address
        self.max_workers = num_workers
        self.gpus = gpus
        self.num_workers = num_workers or 1
        self._ray = _import_ray()

    def __call__(
        self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: ExtractorFactory
    ) -> Iterator[Outcome]:
        """Give outcomes as :class:`triad.modalities.extraction.Workers` does.

        Raises:
            InputError: If the cluster cannot be reached, no worker can start, or a worker has other files or versions
                than this machine.
        """
        if not jobs:
            return
        with redirect_stdout(sys.stderr):  # Ray's own messages: our output may be JSON
            self._connect()
            try:
                available = self._ray.cluster_resources().get("GPU" if self.gpus else "CPU", 0)
                limits = [len(jobs), int(available / (self.gpus or 1)), self.max_workers or len(jobs)]
                self.num_workers = max(1, min(limits))
                actor_class = self._ray.remote(_Actor).options(num_cpus=1, num_gpus=self.gpus, max_restarts=0)
                setup = WorkerSetup(build, stores[0].folder.parent, Path.cwd(), threads=self.gpus > 0)
                yield from _WorkerPool(self._ray, actor_class, setup).work(jobs, self.num_workers)
            finally:
                self._ray.shutdown()  # ends the actors, which are this driver's

    def _connect(self) -> None:
        try:
            options = {"include_dashboard": False} if self.address == "local" else {}
            self._ray.init(self.address, log_to_driver=False, logging_level=logging.ERROR, **options)
        except (ConnectionError, RuntimeError, ValueError) as error:
            cure = "start one with `ray start --head` and give its HOST:6379, or `auto` on one of its nodes"
            fail("--ray", "be the address of a Ray cluster", f"'{self.address}' ({_last_line(error)})", cure)


def _import_ray() -> ModuleType:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no usage statistics are sent
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # workers without a GPU see what the driver sees
    try:
        import ray
    except ImportError:
        fail("--ray", "find the package ray", "none", "pip install 'triad[cluster]'")
    return ray


@dataclass
class _Worker:
    """Worker and its job.

    Args:
        actor: Ray actor.
        job: current job; None while the worker starts.
        reserved_job: job of a lost worker, to be the first of this one.
        is_second_attempt: whether the current job has lost a worker before.
    """

    actor: Any
    job: Job | None = None
    reserved_job: Job | None = None
    is_second_attempt: bool = False


class _WorkerPool:
    """Workers of a run.

    Args:
        ray: package Ray.
        actor_class: class of the actors, with its options.
        setup: setup of every worker.
    """

    def __init__(self, ray: ModuleType, actor_class: Any, setup: WorkerSetup) -> None:
        self._ray = ray
        self._actor_class = actor_class
        self._setup = ray.put(setup)
        self._workers_by_call: dict[Any, _Worker] = {}
        self._failed_starts = 0  # in a row

    def work(self, jobs: Sequence[Job], num_workers: int) -> Iterator[Outcome]:
        """Give outcomes as they come; a job waits for a new worker only when its own is lost."""
        waiting = list(reversed(jobs))
        for _ in range(num_workers):
            self._start_worker(None)
        while waiting or any(worker.job or worker.reserved_job for worker in self._workers_by_call.values()):
            worker, result = self._wait_for_call()
            if isinstance(result, self._ray.exceptions.RayActorError):
                if worker.job is None:
                    self._count_failed_start(result)
                    self._start_worker(worker.reserved_job)
                elif not worker.is_second_attempt:
                    self._start_worker(worker.job)
                else:
                    yield Outcome(worker.job.task, dict.fromkeys(worker.job.streams, DIED))
                    if waiting:
                        self._start_worker(None)
                continue
            if worker.job is not None:
                yield result
            self._failed_starts = 0
            self._assign_job(worker, waiting)

    def _assign_job(self, worker: _Worker, waiting: list[Job]) -> None:
        """Give a free worker its reserved job or a waiting one, or end it."""
        worker.is_second_attempt = worker.reserved_job is not None
        worker.job = worker.reserved_job
        worker.reserved_job = None
        if worker.job is None and waiting:
            worker.job = waiting.pop()
        if worker.job is not None:
            self._workers_by_call[worker.actor.work.remote(worker.job)] = worker
        else:
            self._ray.kill(worker.actor)  # makes room for a worker that a lost job waits for

    def _start_worker(self, reserved_job: Job | None) -> None:
        actor = self._actor_class.remote()
        self._workers_by_call[actor.start.remote(self._setup)] = _Worker(actor, reserved_job=reserved_job)

    def _wait_for_call(self) -> tuple[_Worker, Any]:
        """Return a worker that is ready, done or lost, and the result of its call or the error of Ray."""
        all_starting = all(worker.job is None for worker in self._workers_by_call.values())
        timeout = START_TIMEOUT if all_starting else None
        done, _ = self._ray.wait(list(self._workers_by_call), timeout=timeout)
        if not done:
            must = "have a free CPU, or GPU, for a worker"
            fail("Ray cluster", must, f"none for {START_TIMEOUT:.0f} s", "see `ray status`; what is finished is kept")
        worker = self._workers_by_call.pop(done[0])
        try:
            return worker, self._ray.get(done[0])
        except self._ray.exceptions.RayActorError as error:
            self._ray.kill(worker.actor)  # it may live on behind a broken connection
            return worker, error
        except self._ray.exceptions.RayTaskError as error:  # an error of the worker, with its traceback as text
            if isinstance(error.cause, InputError):
                raise error.cause from None
            if worker.job is None:
                fail("Ray workers", "start", _last_line(error), VERSIONS_CURE)
            raise

    def _count_failed_start(self, error: Exception) -> None:
        self._failed_starts += 1
        if self._failed_starts >= MAX_FAILED_STARTS:
            got = f"{MAX_FAILED_STARTS} in a row that died ({_last_line(error)})"
            fail("Ray workers", "start", got, VERSIONS_CURE)


def _last_line(error: Exception) -> str:
    """Return the last line of the message, which may be a traceback."""
    return str(error).strip().rpartition("\n")[2] or type(error).__name__


class _Actor:
    """Worker on a node: builds the extractors once and does jobs."""

    def start(self, setup: WorkerSetup) -> None:
        with suppress(OSError):  # relative paths need the driver's directory, which must then be a shared one
            os.chdir(setup.working_dir)
        if not setup.root.is_dir():
            got = f"'{setup.root}', which is not on '{platform.node()}'"
            fail("OUT", "be seen by all nodes", got, FOLDERS_CURE)
        self.threads = setup.threads
        self.stores = [StreamStore.to_write(extractor, setup.root) for extractor in setup.build()]
        for store in self.stores:
            store.check()  # the versions of another node would make other files

    def work(self, job: Job) -> Outcome:
        with one_thread():
            return one_video.extract_video(job, self.stores, threads=self.threads)
