"""Measurement of the time that each kind of work takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Sum of wall-clock seconds by name: ``with watch("decode"): …``.

    Attributes:
        seconds: seconds of each name so far.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start


def sum_seconds(*watches: Stopwatch) -> dict[str, float]:
    """Return the seconds of each name over several watches, which may have run at once."""
    names = dict.fromkeys(name for watch in watches for name in watch.seconds)
    return {name: sum(watch.seconds.get(name, 0.0) for watch in watches) for name in names}
