"""Measurements in a process of their own: one that hangs or crashes costs no other, and its memory is returned."""

from __future__ import annotations

import faulthandler
import multiprocessing
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from typing import Any

from triad.fusion.benchmarks.result import BenchmarkResult

SECONDS_OF_TRACEBACK = 5.0
"""Seconds before its end at which a process that hangs prints where."""


def measure_apart(
    measure: Callable[..., Iterable[BenchmarkResult]], *arguments: Any, seconds: float
) -> list[BenchmarkResult]:
    """Return the results that a function yields in a new process.

    Args:
        measure: function at the top of a module.
        arguments: its arguments, which can be pickled.
        seconds: time after which the process is killed.

    Raises:
        RuntimeError: If the function raises, or does not end in time; the message is that of its error.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_results, args=(sender, measure, arguments, seconds))
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise RuntimeError(f"no result within {seconds:g} s")
        results = receiver.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"the process ended with exit code {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
    if isinstance(results, str):
        raise RuntimeError(results)
    measured: list[BenchmarkResult] = results
    return measured


def _send_results(
    sender: Any, measure: Callable[..., Iterable[BenchmarkResult]], arguments: tuple[Any, ...], seconds: float
) -> None:
    faulthandler.dump_traceback_later(max(seconds - SECONDS_OF_TRACEBACK, SECONDS_OF_TRACEBACK))
    try:
        with redirect_stdout(sys.stderr):  # a new process does not inherit this of its parent
            results = list(measure(*arguments))
        sender.send(results)
    except Exception as error:
        sender.send(f"{type(error).__name__}: {error}")
