"""Metrics of estimated flow against true flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from triad.modalities.checks import check_shape, fail

OUTLIER_PIXELS = 3.0
OUTLIER_RATIO = 0.05
"""An error is an outlier when it exceeds both ``OUTLIER_PIXELS`` and this ratio of the true vector's length."""
MOVING_PIXELS = 0.5
"""Length of a true vector above which its pixel counts as moving."""
THRESHOLDS = (1, 3, 5)
"""Pixels of error for the scores ``above_<n>px``."""


def point_errors(estimate: np.ndarray, truth: np.ndarray, *, valid: np.ndarray | None = None) -> np.ndarray:
    """Return the length of the difference of each two vectors, in pixels, where the truth is known.

    Shapes: ``estimate``, ``truth`` ``[..., 2]``; ``valid`` bool ``[...]``, None where all is known -> float64 ``[N]``.

    Raises:
        InputError: If shapes differ or the truth is known nowhere.
    """
    check_shape("estimated flow", estimate, list(truth.shape))
    error = np.linalg.norm(estimate.astype(np.float64) - truth, axis=-1)
    if valid is not None:
        check_shape("mask of known flow", valid, list(error.shape))
        error = error[valid]
    if not error.size:
        fail("true flow", "be known somewhere", "nothing known")
    return error.ravel()


def end_point_error(estimate: np.ndarray, truth: np.ndarray, *, valid: np.ndarray | None = None) -> float:
    """Return the mean end-point error in pixels.

    Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow, §4.1.

    Shapes and errors: as :func:`point_errors`.
    """
    return float(point_errors(estimate, truth, valid=valid).mean())


def flow_scores(estimate: np.ndarray, truth: np.ndarray, *, valid: np.ndarray | None = None) -> dict[str, float]:
    """Return the mean errors in pixels and the ratios of vectors with a large error, 0 to 1.

    - ``epe``: :func:`end_point_error`.
    - ``outliers``: ratio of errors beyond 3 pixels and beyond 5 % of the true length (Fl-all of Menze & Geiger 2015,
      Object Scene Flow for Autonomous Vehicles).
    - ``above_1px``, ``above_3px``, ``above_5px``: ratio of errors beyond that many pixels.
    - ``epe_zero_flow``: end-point error of an estimate without motion, the mean length of the true vectors.
    - ``epe_moving``, ``epe_zero_flow_moving``: ``epe`` and ``epe_zero_flow`` where the true vector is longer than half
      a pixel; absent where none is. With a static camera the mean over all pixels mostly measures the background.

    Shapes and errors: as :func:`point_errors`.
    """
    error = point_errors(estimate, truth, valid=valid)
    length = point_errors(np.zeros_like(truth), truth, valid=valid)
    is_outlier = (error > OUTLIER_PIXELS) & (error > OUTLIER_RATIO * length)
    is_moving = length > MOVING_PIXELS
    scores = {"epe": float(error.mean()), "outliers": float(is_outlier.mean())}
    scores |= {f"above_{pixels}px": float((error > pixels).mean()) for pixels in THRESHOLDS}
    scores["epe_zero_flow"] = float(length.mean())
    if is_moving.any():
        scores["epe_moving"] = float(error[is_moving].mean())
        scores["epe_zero_flow_moving"] = float(length[is_moving].mean())
    return scores


def mean_scores(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each score over the sequences that have it, all with the same weight.

    Args:
        rows: scores of each sequence, as :func:`flow_scores` returns them.

    Raises:
        InputError: If there is no sequence.
    """
    rows = list(rows)
    if not rows:
        fail("flow to evaluate", "have a sequence", "none")
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}
