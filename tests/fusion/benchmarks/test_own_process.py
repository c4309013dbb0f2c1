"""Measurements in a process of their own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from triad.fusion.benchmarks.own_process import measure_apart
from triad.fusion.benchmarks.result import BenchmarkResult


def measure_two(unit: str) -> Iterator[BenchmarkResult]:
    print("a log")
    yield BenchmarkResult("process", "cpu", float(os.getpid()), 1.0, unit)
    yield BenchmarkResult("second", "cpu", 2.0, 1.0, unit)


def fail_to_measure() -> Iterator[BenchmarkResult]:
    yield BenchmarkResult("first", "cpu", 1.0, 1.0, "s")
    raise ValueError("out of memory")


def hang() -> list[BenchmarkResult]:
    time.sleep(60)
    return []


def die() -> list[BenchmarkResult]:
    os._exit(3)


def test_results_come_from_another_process(capfd: pytest.CaptureFixture[str]) -> None:
    first, second = measure_apart(measure_two, "s", seconds=60)
    assert capfd.readouterr() == ("", "a log\n")
    assert first.ours != os.getpid()
    assert (second.name, second.unit) == ("second", "s")


def test_failures_are_told() -> None:
    with pytest.raises(RuntimeError, match=r"^ValueError: out of memory$"):
        measure_apart(fail_to_measure, seconds=60)
    with pytest.raises(RuntimeError, match="exit code 3"):
        measure_apart(die, seconds=60)


def test_hanging_process_is_killed() -> None:
    start = time.monotonic()
    with pytest.raises(RuntimeError, match="no result within 3 s"):
        measure_apart(hang, seconds=3)
    assert time.monotonic() - start < 30
