"""Columns that a classifier reads from predictions, one block a stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from triad.fusion.late_fusion.calibration import Calibration
from triad.fusion.predictions import Predictions
from triad.modalities.checks import fail

Source = Literal["probabilities", "centered", "features"]
"""Kinds of columns: calibrated probabilities, log-probabilities centred over the classes, pooled features."""


def stream_columns(
    predictions: Predictions, calibration: Calibration, sources: Sequence[Source]
) -> dict[str, np.ndarray]:
    """Return the columns ``[N, D]`` of every stream, stream after stream, for one source after the other.

    Blocks are named as their stream; those of a second source also by the source. Where a sample lacks a stream,
    probabilities and centred log-probabilities are 0, and features NaN.

    Args:
        predictions: predictions with the streams of the calibration.
        calibration: fitted temperatures.
        sources: kinds of columns, in order.

    Raises:
        InputError: If features are read and a stream has none.
    """
    columns: dict[str, np.ndarray] = {}
    for position, source in enumerate(sources):
        blocks = _READERS[source](predictions, calibration)
        columns |= {name if position == 0 else f"{name} {source}": block for name, block in blocks.items()}
    return columns


def stack_columns(
    predictions: Predictions,
    calibration: Calibration,
    sources: Sequence[Source],
    *,
    widths: Mapping[str, int] | None = None,
) -> tuple[np.ndarray, dict[str, int]]:
    """Return the blocks of :func:`stream_columns` side by side, ``[N, D]``, and the width of each.

    Args:
        predictions: predictions with the streams of the calibration.
        calibration: fitted temperatures.
        sources: kinds of columns, in order.
        widths: widths of the blocks of the fit; None while fitting.

    Raises:
        InputError: If features are read and a stream has none, or the widths are others than those of the fit.
    """
    blocks = stream_columns(predictions, calibration, sources)
    found = {name: block.shape[1] for name, block in blocks.items()}
    if widths is not None and found != widths:
        fail("columns of the test predictions", f"be {widths} a stream, as in the fit", found)
    return np.hstack(list(blocks.values())), found


def _read_probabilities(predictions: Predictions, calibration: Calibration) -> dict[str, np.ndarray]:
    log_probs, present = calibration.transform(predictions)
    probabilities = np.where(present[..., None], np.exp(log_probs), 0.0)  # [S, N, K]
    return dict(zip(calibration.streams_, probabilities, strict=True))


def _read_centered(predictions: Predictions, calibration: Calibration) -> dict[str, np.ndarray]:
    log_probs, _ = calibration.transform(predictions)  # uniform where absent, so zero once centred
    return dict(zip(calibration.streams_, log_probs - log_probs.mean(axis=2, keepdims=True), strict=True))


def _read_features(predictions: Predictions, calibration: Calibration) -> dict[str, np.ndarray]:
    streams = calibration.streams_
    if missing := [name for name in streams if name not in predictions.features]:
        cure = "dump them with features, or take --method svm, which needs scores only"
        fail("predictions for a fusion of features", "hold features of every stream", f"none of {missing}", cure)
    return {name: np.where(predictions.present[name][:, None], predictions.features[name], np.nan) for name in streams}


_READERS: dict[str, Callable[[Predictions, Calibration], dict[str, np.ndarray]]] = {
    "probabilities": _read_probabilities,
    "centered": _read_centered,
    "features": _read_features,
}
