"""Figures of one candidate's scores on the test samples, which are kept when the scores are not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from triad.fusion.predictions import calibration_error, predict_classes, top_k_correct


class ScoreFigures(NamedTuple):
    """What an ablation says about the scores of one candidate.

    Attributes:
        predicted: class of each test sample, ``[N]``; −1 where no stream is present.
        top1: share of the samples whose label has the highest score.
        top5: share of the samples whose label is among the five highest scores.
        ece: expected calibration error of the samples that have a stream; None without any.
        ece_calibrated: that error at the fitted temperature; None where there is none.
    """

    predicted: np.ndarray
    top1: float
    top5: float
    ece: float | None
    ece_calibrated: float | None


def measure_scores(
    scores: np.ndarray, present: np.ndarray, labels: np.ndarray, temperature: float | None
) -> ScoreFigures:
    """Return the figures of scores.

    Args:
        scores: scores of N samples, ``[N, K]``.
        present: mask of the samples that have any of the candidate's streams, ``[N]``.
        labels: class of every sample, ``[N]``.
        temperature: temperature that was fitted on validation; None where it was not.
    """
    ece = ece_calibrated = None
    if present.any():
        present_scores = scores if present.all() else scores[present]
        ece = calibration_error(present_scores, labels[present])
        if temperature is not None:
            ece_calibrated = calibration_error(present_scores, labels[present], temperature=temperature)
    return ScoreFigures(
        predict_classes(scores, present),
        float(top_k_correct(scores, labels, 1, present).mean()),
        float(top_k_correct(scores, labels, 5, present).mean()),
        ece,
        ece_calibrated,
    )
