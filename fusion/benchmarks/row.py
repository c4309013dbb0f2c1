"""One line of ``bench``, and how times are taken."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch


@dataclass(frozen=True)
class Row:
    """Ours against a reference, measured in one run.

    Args:
        name: what was measured.
        device: ``cpu`` or the name of the GPU.
        ours, reference: the two figures in ``unit``.
        unit: ``…/s`` where more is better; ``s`` or ``MB`` where less is.
        required: the least ratio that is promised, or None.
        limit: the figure of ours that is promised whatever the reference does, or None.
        note: what the reader should know.
    """

    name: str
    device: str
    ours: float
    reference: float
    unit: str
    required: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Above 1 ours is better."""
        better, worse = (self.ours, self.reference) if self.unit.endswith("/s") else (self.reference, self.ours)
        return better / worse if worse else float("inf")

    @property
    def kept(self) -> bool:
        """Whether every promise of the row holds."""
        more = self.unit.endswith("/s")
        within = self.limit is None or (self.ours >= self.limit if more else self.ours <= self.limit)
        return within and (self.required is None or self.ratio >= self.required)

    def document(self) -> dict[str, Any]:
        """The row of ``bench --json``."""
        return {**asdict(self), "ratio": self.ratio, "kept": self.kept}


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    gc.collect()
    _settle()
    start = time.perf_counter()
    work()
    _settle()
    return time.perf_counter() - start


def compare(ours: Callable[[], object], reference: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Least seconds of both, taken in turns after one call each: what else the machine does can only slow them."""
    ours(), reference()
    pairs = [(seconds_of(ours), seconds_of(reference)) for _ in range(rounds)]
    return min(first for first, _ in pairs), min(second for _, second in pairs)


def _settle() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
