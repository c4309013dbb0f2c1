"""Confidence intervals: bootstrap over samples or whole subjects, and Wilson intervals of proportions.

B. Efron (1979), "Bootstrap methods: another look at the jackknife"; T. Hesterberg (2015), "What teachers should know
about the bootstrap"; E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference".
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Any, Literal

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit  # scipy.stats takes half a second to import

Interval = list[float] | None
"""Low and high bound; None where the resamples draw a single unit, which shows no spread, or none has the metric."""

Metric = Literal["mean_class_accuracy", "top1"]

_CHUNK_SIZE = 512  # resamples that are drawn, or converted to float32, at once
_MAX_DRAWS = 1 << 22  # units that are drawn at once
_DENSE_SIZE = 1 << 20  # units times classes from which on most are zero, and only the others are multiplied


class Bootstrap:
    """Resamples of one test set, drawn once, so that all candidates compared on it share them.

    A unit is a sample or, where groups are given, all samples of one group (subject, source video), because clips of
    one person are not independent. Percentiles are expanded for the number of units (Hesterberg 2015); without that,
    an interval over ten subjects covers about 89 % instead of 95 %.

    Args:
        labels: class of every sample, ``[N]``.
        groups: group of every sample, ``[N]``; None draws single samples.
        resamples: number R of resamples.
        seed: seed of the random draw.
    """

    def __init__(
        self, labels: np.ndarray, *, groups: np.ndarray | None = None, resamples: int = 5000, seed: int = 0
    ) -> None:
        unit_of = np.arange(len(labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
        multiplicities = draw_multiplicities(int(unit_of.max()) + 1, resamples=resamples, seed=seed)
        self._use(labels, unit_of, multiplicities)

    @classmethod
    def from_multiplicities(cls, labels: np.ndarray, unit_of: np.ndarray, multiplicities: np.ndarray) -> Bootstrap:
        """Return the resamples of given units, of which the test set need not have all.

        Args:
            labels: class of every sample, ``[N]``.
            unit_of: index of the unit of every sample, ``[N]``, between 0 and U − 1.
            multiplicities: how often each resample drew each unit, ``[R, U]``.
        """
        bootstrap = cls.__new__(cls)
        bootstrap._use(labels, unit_of, multiplicities)
        return bootstrap

    def _use(self, labels: np.ndarray, unit_of: np.ndarray, multiplicities: np.ndarray) -> None:
        self.labels = np.asarray(labels)
        _, self._class_of = np.unique(self.labels, return_inverse=True)
        self._unit_of = unit_of
        self._multiplicities = multiplicities
        self.num_resamples, self.num_units = multiplicities.shape
        sizes = self._class_sums(np.ones(len(self.labels)))
        self._class_sizes = np.concatenate(list(sizes))  # [R, K]

    def _class_sums(self, values: np.ndarray) -> Iterator[np.ndarray]:
        """Sum values within every class of every resample, some resamples at a time.

        Shapes: values ``[N]``; yields ``[r, K]``, r of all R.
        """
        shape = (self.num_units, int(self._class_of.max()) + 1)
        values = values.astype(np.float32)
        unit_sums: Any
        if shape[0] * shape[1] > _DENSE_SIZE:
            from scipy.sparse import csr_array  # only large test sets need it

            unit_sums = csr_array((values, (self._unit_of, self._class_of)), shape)
        else:
            unit_sums = np.zeros(shape, dtype=np.float32)
            np.add.at(unit_sums, (self._unit_of, self._class_of), values)
        step = _rows_at_once(self.num_units)
        for start in range(0, len(self._multiplicities), step):
            chunk = self._multiplicities[start : start + step].astype(np.float32)
            yield np.ascontiguousarray(chunk @ unit_sums)

    def accuracies(self, correct: np.ndarray, *, metric: Metric = "mean_class_accuracy") -> np.ndarray:
        """Return the accuracy of every resample; NaN where it holds no sample of the test set.

        The mean class accuracy is taken over the classes that a resample holds.

        Shapes: correct ``[N]``; returns ``[R]``.
        """
        chunks = []
        start = 0
        for num_correct in self._class_sums(correct):
            class_sizes = self._class_sizes[start : start + len(num_correct)]
            start += len(num_correct)
            if metric == "top1":
                chunks.append(_divide(num_correct.sum(axis=1), class_sizes.sum(axis=1)))
            else:
                recall = np.nan_to_num(_divide(num_correct, class_sizes))
                chunks.append(_divide(recall.sum(axis=1), (class_sizes > 0).sum(axis=1)))
        return np.concatenate(chunks)

    def accuracy(self, correct: np.ndarray, *, metric: Metric = "mean_class_accuracy") -> float:
        """Return the accuracy of the test set itself. Shapes: correct ``[N]``."""
        correct = np.asarray(correct, dtype=float)
        if metric == "top1":
            return float(correct.mean())
        return float((np.bincount(self._class_of, correct) / np.bincount(self._class_of)).mean())

    def interval(self, correct: np.ndarray, *, level: float = 0.95) -> Interval:
        """Return the confidence interval of the mean class accuracy. Shapes: correct ``[N]``."""
        return expanded_percentiles(self.accuracies(correct), self.num_units, level)

    def difference(self, a: np.ndarray, b: np.ndarray, *, level: float = 0.95) -> tuple[float, Interval]:
        """Return the mean class accuracy of ``a`` minus that of ``b``, and its paired interval.

        Shapes: a and b ``[N]``, true where the candidate is correct.
        """
        resampled = self.accuracies(a) - self.accuracies(b)
        gain = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
        return self.accuracy(gain), expanded_percentiles(resampled, self.num_units, level)


def draw_multiplicities(num_units: int, *, resamples: int, seed: int) -> np.ndarray:
    """Draw ``num_units`` units with replacement and count how often each was drawn, in every resample.

    Shapes: returns ``[R, U]``, uint8, or uint16 where a unit was drawn more than 255 times; every row sums to U.
    """
    rng = np.random.default_rng(seed)
    multiplicities = np.empty((resamples, num_units), dtype=np.uint8)
    step = _rows_at_once(num_units)  # each draw takes eight bytes, twice
    for start in range(0, resamples, step):
        chunk = multiplicities[start : start + step]
        draws = rng.integers(0, num_units, chunk.shape)
        draws += np.arange(len(chunk))[:, None] * num_units
        counts = np.bincount(draws.ravel(), minlength=chunk.size).reshape(chunk.shape)
        if counts.max(initial=0) > np.iinfo(multiplicities.dtype).max:
            multiplicities = multiplicities.astype(np.uint16)
        multiplicities[start : start + len(chunk)] = counts
    return multiplicities


def _rows_at_once(num_units: int) -> int:
    """Return the number of resamples that are drawn or multiplied at once."""
    return max(min(_CHUNK_SIZE, _MAX_DRAWS // max(num_units, 1)), 1)


def expanded_percentiles(values: np.ndarray, num_units: int, level: float) -> Interval:
    """Return the percentiles of resampled values, expanded for the number of units that were drawn (Hesterberg 2015).

    NaN, of resamples in which the metric is undefined, is left out.

    Shapes: values ``[R]``.
    """
    values = values[np.isfinite(values)]
    if num_units < 2 or not len(values):
        return None
    expansion = sqrt(num_units / (num_units - 1))
    tail = float(ndtr(expansion * stdtrit(num_units - 1, (1 - level) / 2)))
    low, high = np.quantile(values, [tail, 1 - tail])
    return [float(low), float(high)]


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide, with NaN where the denominator is zero."""
    missing = np.full(numerator.shape, np.nan, dtype=np.result_type(numerator, denominator))
    return np.divide(numerator, denominator, out=missing, where=denominator > 0)


def wilson_interval(successes: float, trials: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the Wilson (1927) score interval of a proportion; ``(0, 1)`` where there are no trials.

    Args:
        successes: number of successes; ties count one half, which ``scipy.stats.binomtest`` does not accept.
        trials: number of trials.
        level: confidence level, between 0 and 1.
    """
    if trials == 0:
        return 0.0, 1.0
    z = float(ndtri((1 + level) / 2))
    proportion = successes / trials
    scale = 1 + z * z / trials
    center = proportion + z * z / (2 * trials)
    half_width = z * sqrt(proportion * (1 - proportion) / trials + z * z / (4 * trials * trials))
    return max(0.0, (center - half_width) / scale), min(1.0, (center + half_width) / scale)
