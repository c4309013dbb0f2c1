"""Seconds from starting fast RAFT to its first result, and to that of another frame size, in a process of its own."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np

from triad.fusion.benchmarks.raft_reference import PairwiseRaft
from triad.fusion.benchmarks.result import BenchmarkResult
from triad.fusion.benchmarks.timing import measure_seconds
from triad.modalities.flow.estimators.raft import Raft
from triad.modalities.flow.estimators.raft_fast import FastRaft
from triad.modalities.processes import end_with_parent

MAX_FIRST_SECONDS = 10.0
MAX_SECOND_SECONDS = 2.0
SIZES = ((160, 120), (320, 240))
"""Width and height of the first frames and of the others."""


class StartSeconds(NamedTuple):
    """Seconds until results.

    Attributes:
        first: seconds of building the estimator and its first call.
        second: seconds of the first call with another frame size.
        reference_first: seconds of building torchvision's network and its first pair, after ours.
        reference_second: seconds of its first pair of the other frame size.
    """

    first: float
    second: float
    reference_first: float
    reference_second: float


def bench_raft_start(device: str, device_name: str, *, weights: str, num_pairs: int) -> list[BenchmarkResult]:
    """Time the first results in a new process.

    Args:
        device: ``cpu`` or ``cuda``.
        device_name: name of the device.
        weights: file or seed of the weights.
        num_pairs: number of pairs of a call.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, end_with_parent) as pool:
        seconds = pool.submit(measure_start, device, weights, num_pairs).result()
    return start_results(seconds, device_name, num_pairs)


def start_results(seconds: StartSeconds, device_name: str, num_pairs: int) -> list[BenchmarkResult]:
    """Return the results of measured seconds."""
    note = f"{num_pairs} pairs in a new process, imports left out; reference: torchvision's first pair, after ours"
    rows = (
        ("time to first result", seconds.first, seconds.reference_first, MAX_FIRST_SECONDS),
        ("time to first result of a second size", seconds.second, seconds.reference_second, MAX_SECOND_SECONDS),
    )
    return [
        BenchmarkResult(f"RAFT-small {name}", device_name, ours, reference, "s", limit=limit, note=note)
        for name, ours, reference, limit in rows
    ]


def measure_start(device: str, weights: str, num_pairs: int) -> StartSeconds:
    """Return the seconds until first results in this process; only the first call in a process tells all of them."""
    clips = [np.zeros((num_pairs + 1, height, width, 3), np.uint8) for width, height in SIZES]
    estimators: list[FastRaft | PairwiseRaft] = []

    def start_fast() -> None:
        estimators.append(FastRaft("raft_small_fast", weights=weights, device=device))
        estimators[0](clips[0])

    def start_reference() -> None:
        estimators.append(PairwiseRaft(Raft("raft_small", weights=weights, device=device)))
        estimators[1](clips[0][:2])

    first = measure_seconds(start_fast)
    second = measure_seconds(lambda: estimators[0](clips[1]))
    reference_first = measure_seconds(start_reference)
    return StartSeconds(first, second, reference_first, measure_seconds(lambda: estimators[1](clips[1][:2])))
