"""Conversion of scores of any kind to log-probabilities that are comparable between streams."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.special import log_softmax

from triad.fusion.predictions import FUSED, Predictions
from triad.modalities.checks import did_you_mean, fail, shorten

TEMPERATURE_RANGE = (0.02, 50.0)
"""Bounds of the search. A temperature at a bound means scores that are always right or carry no information."""

_MAX_KNOWN = 1000
_known_temperatures: dict[bytes, float] = {}  # by a hash of scores and labels


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature that makes ``softmax(scores / temperature)`` likeliest on labelled samples.

    C. Guo, G. Pleiss, Y. Sun, K. Weinberger (2017), "On calibration of modern neural networks".

    Answers are kept: fusions of all subsets of streams ask for the temperatures of the same samples.

    Shapes: scores ``[N, K]`` logits or margins, labels ``[N]``.
    """
    digest = hashlib.blake2b(f"{scores.dtype} {scores.shape} {labels.dtype}".encode(), digest_size=16)
    digest.update(np.ascontiguousarray(scores).data)
    digest.update(np.ascontiguousarray(labels).data)
    key = digest.digest()
    if key not in _known_temperatures:
        if len(_known_temperatures) >= _MAX_KNOWN:
            _known_temperatures.pop(next(iter(_known_temperatures)))
        _known_temperatures[key] = _search_temperature(scores, labels)
    return _known_temperatures[key]


def _search_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    from scipy.optimize import minimize_scalar  # takes a quarter of a second

    rows = np.arange(len(labels))
    scores = scores.astype(np.float64)

    def negative_log_likelihood(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature), axis=1)[rows, labels].mean())

    optimum = minimize_scalar(negative_log_likelihood, bounds=tuple(np.log(TEMPERATURE_RANGE)), method="bounded")
    return float(np.exp(optimum.x))


class Calibration:
    """One temperature a stream, fitted on validation for logits and margins; log-probabilities are left unchanged.

    Learned: ``streams_``, ``classes_``, ``temperatures_`` ``{stream: float}``.
    """

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Fit the temperatures on labelled validation predictions; samples without the stream do not count.

        Raises:
            InputError: If a stream is unknown or no sample has it, or a sample has no single label.
        """
        val.check_labelled("validation predictions")
        self.streams_ = check_streams(val, streams, "validation")
        self.classes_ = val.classes
        self.temperatures_ = {}
        for stream in self.streams_:
            rows = val.present[stream]
            if not rows.any():
                fail(f"stream '{stream}'", "be present in the validation predictions", "no sample with it")
            if val.kinds[stream] == "logprob":
                self.temperatures_[stream] = 1.0
            else:
                self.temperatures_[stream] = fit_temperature(val.scores[stream][rows], val.labels[rows])
        return self

    def set_unit_temperatures(self, predictions: Predictions, streams: Sequence[str]) -> Self:
        """Set every temperature to 1, as published ensembles of logits do; nothing is learned.

        Raises:
            InputError: If a stream is unknown, or has margins, which are no probabilities without a validation set.
        """
        self.streams_ = check_streams(predictions, streams, "test")
        self.classes_ = predictions.classes
        for stream in self.streams_:
            if predictions.kinds[stream] == "margin":
                fail(f"stream '{stream}'", "hold logits or log-probabilities", "margins", "learn on --fit VAL...")
        self.temperatures_ = dict.fromkeys(self.streams_, 1.0)
        return self

    def transform(self, predictions: Predictions) -> tuple[np.ndarray, np.ndarray]:
        """Return log-probabilities, uniform where a stream is absent, and the masks of presence.

        Shapes: returns ``[S, N, K]`` and ``[S, N]``, S in the order of ``streams_``.
        """
        check_streams(predictions, self.streams_, "test")
        if predictions.classes != self.classes_:
            fail(
                "classes of the test predictions",
                f"be those of the fit, {shorten(self.classes_)}",
                shorten(predictions.classes),
            )
        present = np.stack([predictions.present[stream] for stream in self.streams_])
        log_probs = np.empty((len(self.streams_), len(predictions), len(self.classes_)))
        for position, name in enumerate(self.streams_):  # one at a time: the work takes several copies
            scaled = predictions.scores[name].astype(np.float64) / self.temperatures_[name]
            log_probs[position] = log_softmax(np.where(present[position][:, None], scaled, 0.0), axis=1)
        return log_probs, present


def check_streams(predictions: Predictions, streams: Sequence[str], role: str) -> tuple[str, ...]:
    """Return ``streams`` if there is at least one and the predictions hold all of them; ``fused`` is not allowed.

    Args:
        predictions: predictions that must hold the streams.
        streams: names of the streams.
        role: name of the predictions in the message, ``validation`` or ``test``.

    Raises:
        InputError: The message has the unknown stream and the nearest known one.
    """
    if not streams:
        fail("streams of a fusion", "be at least one", "none")
    for stream in streams:
        if stream == FUSED or stream not in predictions.scores:
            available = predictions.streams
            hint = did_you_mean(stream, available)
            fail(f"streams of the {role} predictions", f"include '{stream}'", f"{list(available)}{hint}")
    return tuple(streams)
