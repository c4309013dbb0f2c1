"""Test of whether two classifiers make the same number of errors on the same samples.

Q. McNemar (1947), "Note on the sampling error of the difference between correlated proportions or percentages";
A. Edwards (1948) for the continuity correction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class McNemar(NamedTuple):
    """Result of McNemar's test; samples count as independent, so that several clips of one person make it too sure.

    Attributes:
        only_a: number of samples that only the first classifier has right.
        only_b: number of samples that only the second has right.
        exact_p: two-sided p of the binomial test of ``only_a`` among both.
        chi2: statistic ``(|only_a - only_b| - 1)² / (only_a + only_b)``, 0 where the counts are equal.
        chi2_p: p of the statistic under χ² with one degree of freedom; for 25 or more such samples.
    """

    only_a: int
    only_b: int
    exact_p: float
    chi2: float
    chi2_p: float


def mcnemar_test(a: np.ndarray, b: np.ndarray) -> McNemar:
    """Compare two classifiers on the same samples.

    Shapes: a and b ``[N]``, true where the classifier is right.
    """
    from scipy.stats import binomtest, chi2  # takes half a second

    only_a = int((a & ~b).sum())
    only_b = int((b & ~a).sum())
    num_discordant = only_a + only_b
    if only_a == only_b:
        return McNemar(only_a, only_b, 1.0, 0.0, 1.0)
    statistic = (abs(only_a - only_b) - 1) ** 2 / num_discordant
    exact_p = float(binomtest(only_a, num_discordant).pvalue)
    return McNemar(only_a, only_b, exact_p, statistic, float(chi2.sf(statistic, 1)))
