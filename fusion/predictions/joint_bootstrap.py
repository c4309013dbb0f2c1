"""Confidence intervals of a mean over several test sets that share clips, people or source videos.

Official splits of one dataset test the same videos more than once, so their accuracies are not independent: the groups
are drawn once for all splits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triad.fusion.predictions.grouping import select_clusters
from triad.fusion.predictions.predictions import Predictions
from triad.fusion.predictions.statistics import (
    Bootstrap,
    Interval,
    Metric,
    draw_multiplicities,
    expanded_percentiles,
)
from triad.modalities.checks import fail


class JointBootstrap:
    """Resamples of several test sets, drawn once for all of them; the statistic is the mean of their accuracies.

    Each resample draws the groups of the union of all test sets with replacement. A group has the same weight in every
    test set that holds it. With one test set this is :class:`~triad.fusion.predictions.statistics.Bootstrap`.

    Args:
        labels: class of every sample, one array ``[N]`` a test set.
        groups: group of every sample, likewise; equal names are one group, whatever the test set.
        resamples: number R of resamples.
        seed: seed of the random draw.

    Raises:
        InputError: If there is no test set, or labels and groups differ in length.
    """

    def __init__(
        self, labels: Sequence[np.ndarray], *, groups: Sequence[np.ndarray], resamples: int = 5000, seed: int = 0
    ) -> None:
        sizes = [len(of_set) for of_set in labels]
        if not sizes or sizes != [len(of_set) for of_set in groups]:
            got = [len(of_set) for of_set in groups]
            fail("groups of the test sets", f"be one a sample, {sizes} of one or more test sets", got)
        names, unit_of = np.unique(np.concatenate(groups), return_inverse=True)
        self.num_units = len(names)
        multiplicities = draw_multiplicities(self.num_units, resamples=resamples, seed=seed)
        units_by_set = np.split(unit_of, np.cumsum(sizes)[:-1])
        self._sets = [
            Bootstrap.from_multiplicities(labels_of_set, units_of_set, multiplicities)
            for labels_of_set, units_of_set in zip(labels, units_by_set, strict=True)
        ]

    def accuracy(self, correct: Sequence[np.ndarray], *, metric: Metric = "mean_class_accuracy") -> float:
        """Return the mean of the accuracies of the test sets themselves. Shapes: correct ``[N]`` a test set."""
        pairs = zip(self._sets, correct, strict=True)
        return float(np.mean([of_set.accuracy(correct_of_set, metric=metric) for of_set, correct_of_set in pairs]))

    def accuracies(self, correct: Sequence[np.ndarray], *, metric: Metric = "mean_class_accuracy") -> np.ndarray:
        """Return the mean accuracy of every resample, over the test sets of which it holds a sample.

        Args:
            correct: one array ``[N]`` a test set; true where the candidate is correct, or its share of right answers
                over several seeds.
            metric: accuracy that is averaged.

        Shapes: returns ``[R]``.
        """
        pairs = zip(self._sets, correct, strict=True)
        by_set = [of_set.accuracies(correct_of_set, metric=metric) for of_set, correct_of_set in pairs]
        return np.nanmean(by_set, axis=0)

    def interval(
        self, correct: Sequence[np.ndarray], *, metric: Metric = "mean_class_accuracy", level: float = 0.95
    ) -> Interval:
        """Return the confidence interval of the mean accuracy. Shapes: correct ``[N]`` a test set."""
        return expanded_percentiles(self.accuracies(correct, metric=metric), self.num_units, level)

    def difference(
        self,
        a: Sequence[np.ndarray],
        b: Sequence[np.ndarray],
        *,
        metric: Metric = "mean_class_accuracy",
        level: float = 0.95,
    ) -> tuple[float, Interval]:
        """Return the mean accuracy of ``a`` minus that of ``b``, and its paired interval.

        Shapes: a and b ``[N]`` a test set.
        """
        resampled = self.accuracies(a, metric=metric) - self.accuracies(b, metric=metric)
        difference = self.accuracy(a, metric=metric) - self.accuracy(b, metric=metric)
        return difference, expanded_percentiles(resampled, self.num_units, level)


def build_joint_bootstrap(
    test_sets: Sequence[Predictions], *, by_sample: bool = False, resamples: int = 5000, seed: int = 0
) -> tuple[str, JointBootstrap]:
    """Return the unit that is drawn (``subject``, ``source_video``, otherwise ``sample``) and the resamples.

    Args:
        test_sets: labelled predictions of one dataset; a sample has the same id in every test set.
        by_sample: whether to draw single samples even where groups are known.
        resamples: number of resamples.
        seed: seed of the random draw.
    """
    shared_names = set.intersection(*(set(test.groups) for test in test_sets))
    all_groups = {name: np.concatenate([test.groups[name] for test in test_sets]) for name in shared_names}
    unit, _ = select_clusters({} if by_sample else all_groups)
    groups = [test.ids if unit == "sample" else test.groups[unit] for test in test_sets]
    labels = [test.labels for test in test_sets]
    return unit, JointBootstrap(labels, groups=groups, resamples=resamples, seed=seed)
