"""How far estimated flow is from the truth."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from modalities.checks import check_shape, fail

OUTLIER_PX, OUTLIER_SHARE = 3.0, 0.05
"""An error is an outlier when it is larger than both: these pixels, and this share of the true vector's length."""
MOVING_PX = 0.5
"""A true vector that is longer moves."""
RATES = (1, 3, 5)
"""Pixels of error beyond which shares of vectors are told."""


def errors(estimate: np.ndarray, truth: np.ndarray, *, known: np.ndarray | None = None) -> np.ndarray:
    """Length of the difference of each two vectors, pixels, where the truth is known.

    Shapes: ``estimate``, ``truth`` ``[..., 2]``; ``known`` bool ``[...]``, by default everywhere -> float64 ``[N]``.

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
    return error.ravel()


def end_point_error(estimate: np.ndarray, truth: np.ndarray, *, known: np.ndarray | None = None) -> float:
    """Mean length of the difference of the vectors, pixels, where the truth is known.

    Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow, §4.1.

    Shapes and errors: as :func:`errors`.
    """
    return float(errors(estimate, truth, known=known).mean())


def flow_scores(estimate: np.ndarray, truth: np.ndarray, *, known: np.ndarray | None = None) -> dict[str, float]:
    """The mean error in pixels and shares of the vectors that are far off.

    ``epe`` is :func:`end_point_error`. ``outliers`` is the share beyond 3 pixels and beyond 5 % of the true length
    (Fl-all of Menze & Geiger 2015, Object Scene Flow for Autonomous Vehicles). ``above_1px``, ``above_3px`` and
    ``above_5px`` are the shares beyond so many pixels. Shares are 0 to 1. ``zero`` is the mean length of the true
    vectors: the error of who says that nothing moves. ``epe_moving`` and ``zero_moving`` are both of these where the
    true vector is longer than half a pixel, and left out where none is: before a camera that stands still, the mean
    over all pixels tells little else than how still a still background is.

    Shapes and errors: as :func:`errors`.
    """
    error = errors(estimate, truth, known=known)
    length = errors(np.zeros_like(truth), truth, known=known)
    outliers = (error > OUTLIER_PX) & (error > OUTLIER_SHARE * length)
    moving = length > MOVING_PX
    rates = {f"above_{pixels}px": float((error > pixels).mean()) for pixels in RATES}
    scores = {"epe": float(error.mean()), "outliers": float(outliers.mean()), **rates, "zero": float(length.mean())}
    if moving.any():
        scores |= {"epe_moving": float(error[moving].mean()), "zero_moving": float(length[moving].mean())}
    return scores


def mean_scores(rows: Iterable[dict[str, float]]) -> dict[str, float]:
    """Each score averaged over the sequences that have it, which all weigh the same.

    Raises:
        InputError: if there is no row.
    """
    rows = list(rows)
    if not rows:
        fail("flow to evaluate", "have a sequence", "none")
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}
