"""Jobs done on a Ray cluster; a job whose worker is lost, with its node or alone, is done again by a new one."""

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
from typing import Any

from modalities.checks import InputError, fail
from modalities.extraction import one_video
from modalities.extraction.interfaces import Job, Outcome
from modalities.extraction.stream_store import StreamStore
from modalities.extraction.workers import DIED, Build, one_thread

PATIENCE = 300.0
"""Seconds until somebody must have begun to work: the cluster may be busy, or start machines."""
STARTS = 3
"""Workers in a row that may die before they are ready; a node that is lost takes those that start on it."""
SAME = "triad, ray and Python must be the same on all nodes; see /tmp/ray/session_latest/logs there"
SHARED = "OUT, the videos and the weights must lie in folders that all nodes share, under the same path"


WorkerSetup = tuple[Build, Path, Path, bool]
"""What a worker is told when it starts: what makes the extractors, the stores' folder, where the driver stands, and
whether it has cores to spare for threads, as beside a GPU."""


class RayWorkers:
    """Workers on a Ray cluster (Moritz et al. 2018, Ray: A Distributed Framework for Emerging AI Applications).

    Each is an actor on a CPU or a GPU of its own that builds the extractors once and writes its files itself. A job is
    given to one worker at a time. When that one dies, a new one does it again: the job that kills this one, too, has
    failed. The cluster decides where a new one is put; where there is no room, it waits until the others are done.

    Args:
        address: of the cluster: ``auto`` on one of its nodes, ``host:6379``, ``ray://host:10001``; ``local`` makes one
            of this machine.
        number: of workers, at most; by default as many as the cluster has CPUs, or GPUs.
        gpus: that a worker takes.

    Raises:
        InputError: if Ray is not installed.
    """

    def __init__(self, address: str, *, number: int | None = None, gpus: int = 0) -> None:
        self.address, self.most, self.gpus, self.number = address, number, gpus, number or 1
        self._ray = _import_ray()

    def __call__(self, jobs: Sequence[Job], stores: Sequence[StreamStore], build: Build) -> Iterator[Outcome]:
        """See :class:`modalities.extraction.Workers`.

        Raises:
            InputError: if the cluster cannot be reached, no worker can start, or one finds other files or versions than
                are here.
        """
        if not jobs:
            return
        with redirect_stdout(sys.stderr):  # where Ray's own messages belong: our output may be JSON
            self._connect()
            try:
                room = self._ray.cluster_resources().get("GPU" if self.gpus else "CPU", 0)
                self.number = max(1, min(len(jobs), int(room / (self.gpus or 1)), self.most or len(jobs)))
                actor = self._ray.remote(_Actor).options(num_cpus=1, num_gpus=self.gpus, max_restarts=0)
                crew = _WorkerPool(self._ray, actor, (build, stores[0].folder.parent, Path.cwd(), self.gpus > 0))
                yield from crew.work(jobs, self.number)
            finally:
                self._ray.shutdown()  # ends the actors, which are this driver's

    def _connect(self) -> None:
        try:
            alone = {"include_dashboard": False} if self.address == "local" else {}
            self._ray.init(self.address, log_to_driver=False, logging_level=logging.ERROR, **alone)
        except (ConnectionError, RuntimeError, ValueError) as error:
            cure = "start one with `ray start --head` and give its HOST:6379, or `auto` on one of its nodes"
            fail("--ray", "be the address of a Ray cluster", f"'{self.address}' ({_last_line(error)})", cure)


def _import_ray() -> ModuleType:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent home
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # workers without a GPU see what the driver sees
    try:
        import ray
    except ImportError:
        fail("--ray", "find the package ray", "none", "pip install 'triad[cluster]'")
    return ray


@dataclass
class _Member:
    """A worker and what it is at.

    Args:
        actor: the worker.
        job: what it does; None while it starts.
        reserved: a job whose worker was lost, to be its first.
        second: whether the job has lost a worker before.
    """

    actor: Any
    job: Job | None = None
    reserved: Job | None = None
    second: bool = False


class _WorkerPool:
    """The workers of a run.

    Args:
        ray: the package.
        actor: of Ray, to be started.
        told: to each when it starts.
    """

    def __init__(self, ray: ModuleType, actor: Any, told: WorkerSetup) -> None:
        self._ray, self._actor, self._told = ray, actor, ray.put(told)
        self._calls: dict[Any, _Member] = {}
        self._died = 0  # in a row, before they were ready

    def work(self, jobs: Sequence[Job], number: int) -> Iterator[Outcome]:
        """Outcomes as they come; a job waits for nobody but, when its worker is lost, for a new one."""
        waiting = list(reversed(jobs))
        for _ in range(number):
            self._hire(None)
        while waiting or any(member.job or member.reserved for member in self._calls.values()):
            member, result = self._next()
            if isinstance(result, self._ray.exceptions.RayActorError):
                if member.job is None:
                    self._check_start(result)
                    self._hire(member.reserved)
                elif not member.second:
                    self._hire(member.job)
                else:
                    yield Outcome(member.job.task, dict.fromkeys(member.job.streams, DIED))
                    if waiting:
                        self._hire(None)
                continue
            if member.job is not None:
                yield result
            self._died = 0
            member.second, member.job, member.reserved = member.reserved is not None, member.reserved, None
            if member.job is None and waiting:
                member.job = waiting.pop()
            if member.job is not None:
                self._calls[member.actor.work.remote(member.job)] = member
            else:
                self._ray.kill(member.actor)  # makes room for one that a lost job waits for

    def _hire(self, job: Job | None) -> None:
        actor = self._actor.remote()
        self._calls[actor.start.remote(self._told)] = _Member(actor, reserved=job)

    def _next(self) -> tuple[_Member, Any]:
        """Who is ready, or done, or lost: and the outcome, or the error of Ray."""
        starting = all(member.job is None for member in self._calls.values())
        done, _ = self._ray.wait(list(self._calls), timeout=PATIENCE if starting else None)
        if not done:
            got = f"none for {PATIENCE:.0f} s"
            fail(
                "Ray cluster",
                "have a free CPU, or GPU, for a worker",
                got,
                "see `ray status`; what is finished is kept",
            )
        member = self._calls.pop(done[0])
        try:
            return member, self._ray.get(done[0])
        except self._ray.exceptions.RayActorError as error:
            self._ray.kill(member.actor)  # it may live on behind a broken line
            return member, error
        except self._ray.exceptions.RayTaskError as error:  # what the worker raised, beside its traceback as text
            if isinstance(error.cause, InputError):
                raise error.cause from None
            if member.job is None:
                fail("Ray workers", "start", _last_line(error), SAME)
            raise

    def _check_start(self, error: Exception) -> None:
        self._died += 1
        if self._died >= STARTS:
            fail("Ray workers", "start", f"{STARTS} in a row that died ({_last_line(error)})", SAME)


def _last_line(error: Exception) -> str:
    """Of what may be a traceback."""
    return str(error).strip().rpartition("\n")[2] or type(error).__name__


class _Actor:
    """On a node: builds the extractors once and does jobs."""

    def start(self, told: WorkerSetup) -> None:
        build, root, here, self.threads = told
        with suppress(OSError):  # where paths are given as seen from there, it must be a shared folder
            os.chdir(here)
        if not root.is_dir():
            fail("OUT", "be seen by all nodes", f"'{root}', which is not on '{platform.node()}'", SHARED)
        self.stores = [StreamStore.to_write(extractor, root) for extractor in build()]
        for store in self.stores:
            store.check()  # the versions of another node would make other files

    def work(self, job: Job) -> Outcome:
        with one_thread():
            return one_video.extract_video(job, self.stores, threads=self.threads)
