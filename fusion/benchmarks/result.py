"""Result of one benchmark: a measured figure beside that of a reference."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class BenchmarkResult:
    """Figure of this project and of a reference, measured in one run.

    Args:
        name: description of the measured work.
        device: ``cpu`` or the name of the GPU.
        ours: figure of this project, in ``unit``.
        reference: figure of the reference, in ``unit``.
        unit: unit of both figures; more is better for rates (``/s``) and for ``%``, less for all other units.
        required: smallest promised ratio, or None.
        limit: promised bound of ``ours``, independent of the reference, or None.
        note: conditions of the measurement.
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
    def more_is_better(self) -> bool:
        """Whether the unit is a rate or a share."""
        return self.unit.endswith("/s") or self.unit == "%"

    @property
    def ratio(self) -> float:
        """Ratio of the figures, above 1 where ours is better."""
        better, worse = (self.ours, self.reference) if self.more_is_better else (self.reference, self.ours)
        return better / worse if worse else float("inf")

    @property
    def keeps_promise(self) -> bool:
        """Whether both the required ratio and the limit are met."""
        if self.limit is not None and (self.ours < self.limit if self.more_is_better else self.ours > self.limit):
            return False
        return self.required is None or self.ratio >= self.required

    def to_json(self) -> dict[str, Any]:
        """Return the entry of ``bench --json``."""
        return {**asdict(self), "ratio": self.ratio, "kept": self.keeps_promise}
