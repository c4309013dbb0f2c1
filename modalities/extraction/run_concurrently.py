"""Concurrent calls in threads, where a worker has cores to spare."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

Call = Callable[[], Any]
RunCalls = Callable[[Sequence[Call]], list[Any]]
"""Function that runs calls and returns their results in order; it raises the first error of a call."""


@contextmanager
def run_concurrently(*, threads: bool) -> Iterator[RunCalls]:
    """Give a function that runs calls; when the block ends, however it ends, none is still running.

    Decoding, OpenCV, onnxruntime and torch release Python's lock, so that threads do run at once.

    Args:
        threads: whether each call has a thread; otherwise the calls run here, one after another.
    """
    if not threads:
        yield lambda calls: [call() for call in calls]
        return
    with ThreadPoolExecutor(initializer=_limit_torch_threads) as pool:
        yield lambda calls: list(pool.map(_run_call, calls))


def _run_call(call: Call) -> Any:
    return call()


def _limit_torch_threads() -> None:
    """Limit torch to one thread in each thread that calls it: it counts them separately."""
    if "torch" in sys.modules:  # maybe only half of it: another thread may be importing it, for which import waits
        importlib.import_module("torch").set_num_threads(1)
