"""Timing of calls on a CPU or GPU.

``torch.utils.benchmark.Timer`` is not used: it warms up before every measurement, so it can neither time a cold start
nor alternate between two calls without running each of them three times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import torch


def measure_seconds(call: Callable[[], object]) -> float:
    """Return the seconds of one call, after garbage collection and with the GPU synchronised."""
    gc.collect()
    _synchronize()
    start = time.perf_counter()
    call()
    _synchronize()
    return time.perf_counter() - start


def measure_pair(ours: Callable[[], object], reference: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Return the least seconds of two calls, timed in turns after one warm-up call of each.

    The minimum is taken because other load on the machine can only slow a call down.
    """
    ours()
    reference()
    times = [(measure_seconds(ours), measure_seconds(reference)) for _ in range(rounds)]
    return min(seconds for seconds, _ in times), min(seconds for _, seconds in times)


def measure_cpu_pair(
    ours: Callable[[], object], reference: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Return the least CPU seconds of two calls, timed in turns after one warm-up call of each.

    The seconds of all threads are added, so that neither other jobs nor a thread on another core change the ratio.
    """
    ours()
    reference()
    times = [(_measure_cpu_seconds(ours), _measure_cpu_seconds(reference)) for _ in range(rounds)]
    return min(seconds for seconds, _ in times), min(seconds for _, seconds in times)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch and OpenCV to one thread."""
    num_threads = torch.get_num_threads()
    num_opencv_threads = cv2.getNumThreads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        torch.set_num_threads(num_threads)
        cv2.setNumThreads(num_opencv_threads)


def _measure_cpu_seconds(call: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    call()
    return time.process_time() - start


def _synchronize() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
