"""Matching of boxes or persons of two frames."""

from __future__ import annotations

import numpy as np


def match_pairs(similarity: np.ndarray, *, minimum: float) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns matched one to one, so that the sum of their similarities is largest.

    Args:
        similarity: similarity of every row with every column.
        minimum: lowest similarity of a pair; matched rows and columns below it are left out.

    Shapes: ``[N, K]`` -> int ``[P]`` twice.
    """
    from scipy.optimize import linear_sum_assignment  # takes a second, and every command would wait for it

    rows, columns = linear_sum_assignment(similarity, maximize=True)
    matched = similarity[rows, columns] >= minimum
    return rows[matched], columns[matched]
