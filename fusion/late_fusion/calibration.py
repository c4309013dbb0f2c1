"""Scores of any kind become log-probabilities that mean the same in every stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from fusion.predictions import FUSED, Predictions
from modalities.checks import fail, nearest

TEMPERATURES = (0.02, 50.0)
"""Bounds of the search; a temperature at a bound means scores that are all right, or say nothing."""


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature that makes ``softmax(scores / temperature)`` likeliest on labelled samples.

    C. Guo, G. Pleiss, Y. Sun, K. Weinberger (2017), "On calibration of modern neural networks".

    Shapes: scores ``[N, K]`` logits or margins, labels ``[N]``.
    """
    rows, scores = np.arange(len(labels)), scores.astype(np.float64)

    def negative_log_likelihood(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature), axis=1)[rows, labels].mean())

    found = minimize_scalar(negative_log_likelihood, bounds=tuple(np.log(TEMPERATURES)), method="bounded")
    return float(np.exp(found.x))


class Calibration:
    """One temperature a stream, fitted on validation for logits and margins; log-probabilities stay as they are.

    Learned: ``streams_``, ``classes_``, ``temperatures_`` ``{stream: float}``.
    """

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Learn on labelled validation predictions; samples without the stream do not count.

        Raises:
            InputError: if a stream is unknown or no sample has it, or a sample has no single label.
        """
        val.check_labelled("validation predictions")
        if not streams:
            fail("streams of a fusion", "be at least one", "none")
        self.streams_, self.classes_ = check_streams(val, streams, "validation"), val.classes
        self.temperatures_ = {}
        for stream in self.streams_:
            rows = val.present[stream]
            if not rows.any():
                fail(f"stream '{stream}'", "be present in the validation predictions", "no sample with it")
            given = val.kinds[stream] == "logprob"
            self.temperatures_[stream] = 1.0 if given else fit_temperature(val.scores[stream][rows], val.labels[rows])
        return self

    def assume(self, predictions: Predictions, streams: Sequence[str]) -> Self:
        """Take logits for calibrated, as published ensembles do: every temperature is 1, and nothing is learned.

        Raises:
            InputError: if a stream is unknown, or has margins, which are no probabilities without a validation set.
        """
        if not streams:
            fail("streams of a fusion", "be at least one", "none")
        self.streams_, self.classes_ = check_streams(predictions, streams, "test"), predictions.classes
        for stream in self.streams_:
            if predictions.kinds[stream] == "margin":
                fail(f"stream '{stream}'", "hold logits or log-probabilities", "margins", "learn on --fit VAL...")
        self.temperatures_ = dict.fromkeys(self.streams_, 1.0)
        return self

    def transform(self, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
        """Log-probabilities, uniform where a stream is absent, and presence.

        Shapes: returns ``[S, N, K]`` and ``[S, N]``, S in the order of ``streams_``.
        """
        check_streams(predictions, self.streams_, "test")
        if predictions.classes != self.classes_:
            fail("classes of the test predictions", f"be those of the fit, {list(self.classes_)}", predictions.classes)
        present = np.stack([predictions.present[stream] for stream in self.streams_])
        scaled = [predictions.scores[name].astype(np.float64) / self.temperatures_[name] for name in self.streams_]
        return log_softmax(np.where(present[..., None], np.stack(scaled), 0.0), axis=2), present


def check_streams(predictions: Predictions, streams: Sequence[str], role: str) -> tuple[str, ...]:
    """Return ``streams`` if the predictions hold every one; ``fused`` is none of them.

    Raises:
        InputError: naming the stream and the nearest right one.
    """
    for stream in streams:
        if stream == FUSED or stream not in predictions.scores:
            known = predictions.streams
            fail(f"streams of the {role} predictions", f"include '{stream}'", f"{list(known)}{nearest(stream, known)}")
    return tuple(streams)
