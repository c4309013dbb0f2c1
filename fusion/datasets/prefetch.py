"""Files that processes read ahead of their use, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from triad.modalities.processes import available_cores, end_with_parent

T = TypeVar("T")
NUM_READ_HERE = 200
"""Files that this process reads itself in about the time in which processes start."""


def prefetch(
    paths: Iterable[Path], read: Callable[[Path], T], *, workers: int | None = None
) -> Iterator[tuple[Path, Callable[[], T]]]:
    """Yield each path with a function that returns, or raises, the result of ``read`` for it.

    Args:
        paths: paths of the files; taken from the iterator as they are needed.
        read: function that can be pickled, so not one that is defined within another.
        workers: number of processes; None means one a core.
    """
    workers = available_cores() if workers is None else workers
    remaining = iter(paths)
    for path in islice(remaining, NUM_READ_HERE if workers > 1 else None):
        yield path, partial(read, path)
    queue: deque[tuple[Path, Future[T]]] = deque()
    pool = None
    try:
        for path in remaining:
            # spawned, not forked: the caller may hold threads (torch, PyAV)
            pool = pool or ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent)
            queue.append((path, pool.submit(read, path)))
            if len(queue) > 4 * workers:
                first, future = queue.popleft()
                yield first, future.result
        for first, future in queue:
            yield first, future.result
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
