"""Files read by all cores, in order, a few ahead of whoever takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from modalities.processes import available_cores, end_with_parent

T = TypeVar("T")
Read = tuple[Path, Callable[[], T]]
FEW = 200
"""Files that are read in the time in which processes start."""


def read_ahead(paths: Iterable[Path], read: Callable[[Path], T], *, workers: int | None = None) -> Iterator[Read[T]]:
    """Each path with what gives, or raises, what ``read`` made of it; the first ``FEW`` are read in this process.

    Args:
        paths: of the files; taken as they are needed.
        read: a function that a process can be given, so not one that is defined within another.
        workers: processes; None is one a core.
    """
    workers = available_cores() if workers is None else workers
    remaining = iter(paths)
    for path in islice(remaining, FEW if workers > 1 else None):
        yield path, partial(read, path)
    waiting: deque[tuple[Path, Future[T]]] = deque()
    pool = None
    try:
        for path in remaining:
            # spawned, not forked: the caller may hold threads (torch, PyAV)
            pool = pool or ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent)
            waiting.append((path, pool.submit(read, path)))
            if len(waiting) > 4 * workers:
                first, future = waiting.popleft()
                yield first, future.result
        for first, future in waiting:
            yield first, future.result
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
