"""How far estimated flow is from the truth."""

from __future__ import annotations

import numpy as np

from modalities.checks import check_shape, fail


def end_point_error(estimate: np.ndarray, truth: np.ndarray, *, known: np.ndarray | None = None) -> float:
    """Mean length of the difference of the vectors, pixels, where the truth is known.

    Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow, §4.1.

    Shapes: ``estimate``, ``truth`` ``[..., 2]``; ``known`` bool ``[...]``, by default everywhere.

    Raises:
        InputError: if shapes differ or nothing is known.
    """
    check_shape("estimated flow", estimate, list(truth.shape))
    error = np.linalg.norm(estimate.astype(np.float64) - truth, axis=-1)
    if known is not None:
        check_shape("mask of known flow", known, list(error.shape))
        error = error[known]
    if not error.size:
        fail("true flow", "be known somewhere", "nothing known")
    return float(error.mean())
