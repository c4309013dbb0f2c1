"""Calls one after another, or beside each other in threads where a worker has cores to spare."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

Calls = Sequence[Callable[[], Any]]
Do = Callable[[Calls], list[Any]]
"""What each call gives, in their order; the first error of one is raised."""


@contextmanager
def run_concurrently(*, threads: bool) -> Iterator[Do]:
    """What does calls; when the block ends, however it ends, none is still running.

    Decoding, OpenCV, onnxruntime and torch let go of Python's lock, so that threads do work at once.

    Args:
        threads: one a call; otherwise the calls are done here, one after another.
    """
    if not threads:
        yield lambda calls: [call() for call in calls]
        return
    with ThreadPoolExecutor(initializer=_alone) as pool:
        yield lambda calls: list(pool.map(_do, calls))


def _do(call: Callable[[], Any]) -> Any:
    return call()


def _alone() -> None:
    """Torch counts its threads for each thread that calls it."""
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
