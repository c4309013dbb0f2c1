"""How sure a difference is: bootstrap intervals over samples or over whole subjects, Wilson intervals for proportions.

B. Efron (1979), "Bootstrap methods: another look at the jackknife"; T. Hesterberg (2015), "What teachers should know
about the bootstrap"; E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference".
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

Interval = tuple[float, float]

MINIMUM_CLUSTERS = 3
"""Fewer clusters than this say nothing about how clusters differ."""

_CHUNK = 512  # resamples turned to floats at once


class Bootstrap:
    """Resamples of one test set, drawn once, so that every system compared on it sees the same ones.

    A unit is a sample, or all samples of one group (subject, source video) when groups are given: clips of one
    person are no independent evidence. Percentiles are expanded for the number of units as Hesterberg (2015)
    advises, without which an interval over ten subjects covers about 89 % instead of 95 %.

    Args:
        labels: ``[N]`` class of each sample.
        groups: ``[N]`` what is drawn as one; None draws samples.
        resamples: number of resamples R.
        seed: of the draw.
    """

    def __init__(
        self, labels: np.ndarray, *, groups: np.ndarray | None = None, resamples: int = 5000, seed: int = 0
    ) -> None:
        self.labels = np.asarray(labels)
        _, self._class_of = np.unique(self.labels, return_inverse=True)
        units = np.arange(len(self.labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
        self._unit_of = units
        self.units = int(units.max()) + 1
        draws = np.random.default_rng(seed).integers(0, self.units, (resamples, self.units))
        draws += np.arange(resamples)[:, None] * self.units
        counts = np.bincount(draws.ravel(), minlength=resamples * self.units).reshape(resamples, self.units)
        self._counts = counts.astype(np.uint16)  # [R, U]
        self._class_sizes = self._resampled(np.ones(len(self.labels)))  # [R, K]

    def _resampled(self, values: np.ndarray) -> np.ndarray:
        """``[R, K]``: the sum of ``values [N]`` in each class of each resample."""
        sums = np.zeros((self.units, int(self._class_of.max()) + 1), dtype=np.float32)
        np.add.at(sums, (self._unit_of, self._class_of), values.astype(np.float32))
        chunks = [self._counts[at : at + _CHUNK].astype(np.float32) for at in range(0, len(self._counts), _CHUNK)]
        return np.concatenate([chunk @ sums for chunk in chunks])

    def accuracies(self, correct: np.ndarray) -> np.ndarray:
        """``[R]`` mean class accuracy of each resample, over the classes it drew. Shapes: correct ``[N]``."""
        hits, drawn = self._resampled(correct), self._class_sizes > 0
        recall = np.divide(hits, self._class_sizes, out=np.zeros_like(hits), where=drawn)
        return recall.sum(axis=1) / drawn.sum(axis=1)

    def interval(self, correct: np.ndarray, *, level: float = 0.95) -> Interval:
        """Interval of the mean class accuracy."""
        return self._percentiles(self.accuracies(correct), level)

    def difference(self, a: np.ndarray, b: np.ndarray, *, level: float = 0.95) -> tuple[float, Interval]:
        """Mean class accuracy of ``a`` minus that of ``b`` on the same samples, and its paired interval."""
        resampled = self.accuracies(a) - self.accuracies(b)
        sizes = np.bincount(self._class_of)
        gain = np.bincount(self._class_of, np.asarray(a, dtype=float) - np.asarray(b, dtype=float)) / sizes
        return float(gain.mean()), self._percentiles(resampled, level)

    def _percentiles(self, values: np.ndarray, level: float) -> Interval:
        tail = (1 - level) / 2
        if self.units > 1:
            wider = sqrt(self.units / (self.units - 1)) * student.ppf(tail, self.units - 1)
            tail = float(norm.cdf(wider))
        low, high = np.quantile(values, [tail, 1 - tail])
        return float(low), float(high)


def wilson(successes: float, total: int, *, level: float = 0.95) -> Interval:
    """Wilson (1927) score interval of a proportion; ``(0, 1)`` where there are no trials."""
    if total == 0:
        return 0.0, 1.0
    z = float(norm.ppf((1 + level) / 2))
    share, scale = successes / total, 1 + z * z / total
    centre = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def clusters(groups: dict[str, np.ndarray]) -> tuple[str, np.ndarray | None]:
    """What to draw in a bootstrap, and its name: subjects, else source videos, else samples.

    A grouping of fewer than :data:`MINIMUM_CLUSTERS` groups is passed over.
    """
    for name in ("subject", "source_video"):
        if name in groups and len(np.unique(groups[name])) >= MINIMUM_CLUSTERS:
            return name, groups[name]
    return "sample", None
