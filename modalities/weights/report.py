"""Report of matching a weights file to a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from triad.modalities.checks import shorten


@dataclass(frozen=True)
class WeightsReport:
    """Keys of a network that a file has and has not, and what else the file holds.

    Args:
        path: name of the file.
        network: name of the network's class.
        source: publisher whose key names the file has, or how its keys are wrapped.
        matched: keys of the network that are loaded.
        missing: keys of the network that the file lacks.
        unexpected: keys of the file that the network lacks.
        reshaped: step that fitted a loaded tensor to the network, by key.
        misshapen: shape in the file and shape in the network, by key, of tensors that no step fits.
        left_out: keys of the file that are ignored: the classifier, what lies beside a prefix, counters.
    """

    path: str
    network: str
    source: str
    matched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    reshaped: Mapping[str, str] = field(default_factory=dict)
    misshapen: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def num_tensors(self) -> int:
        """Number of tensors that the network has, without its classifier."""
        return len(self.matched) + len(self.missing) + len(self.misshapen)

    @property
    def complete(self) -> bool:
        """True if every tensor of the network is loaded and the file holds nothing else."""
        return not (self.missing or self.unexpected or self.misshapen)

    def __str__(self) -> str:
        counts = f"weights {Path(self.path).name}: {len(self.matched)} of {self.num_tensors} tensors match"
        rows: dict[str, Sequence[str]] = {
            "missing": self.missing,
            "unexpected": self.unexpected,
            "of another shape": [*self.misshapen],
        }
        notes = [f"{len(keys)} {name}: {shorten(keys)}" for name, keys in rows.items() if keys]
        steps = list(dict.fromkeys(self.reshaped.values()))
        notes += [f"{list(self.reshaped.values()).count(step)} {step}" for step in steps]
        notes += [f"{len(self.left_out)} left out"] if self.left_out else []
        return f"{counts} ({'; '.join(notes)})" if notes else counts

    def to_json(self) -> dict[str, Any]:
        """Return the report as a plain dictionary of lists."""
        names = ("path", "network", "source")
        lists = ("matched", "missing", "unexpected", "left_out")
        document: dict[str, Any] = {name: getattr(self, name) for name in names}
        document |= {name: list(getattr(self, name)) for name in lists}
        return document | {"reshaped": dict(self.reshaped), "misshapen": dict(self.misshapen)}
