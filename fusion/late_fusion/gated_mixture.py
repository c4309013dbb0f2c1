"""Mixture of the streams by a gate that reads each sample.

R. Jacobs, M. Jordan, S. Nowlan, G. Hinton (1991), "Adaptive mixtures of local experts". The experts are the networks of
the streams, which are finished; the gate alone is learned, on validation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import softmax

from triad.fusion.late_fusion.averaging import linear_pool
from triad.fusion.late_fusion.calibration import Calibration
from triad.fusion.late_fusion.classifiers import BlockScaler
from triad.fusion.late_fusion.folds import grouped_folds
from triad.fusion.late_fusion.stream_columns import Source, stack_columns
from triad.fusion.predictions import Predictions, mean_class_accuracy

PENALTY_GRID = (1.0, 0.1, 0.01, 0.001)
"""L2 penalties of the gate to choose from, the one nearest to the plain mean first."""

NUM_FOLDS = 3
_ABSENT_LOGIT = -1e9


class GatedMixtureFusion:
    """Mean of the streams' probabilities, weighted for each sample by a linear gate with a softmax over its streams.

    A gate of zeros is the plain mean, and so is the limit of a large penalty. The penalty is chosen on held-out folds
    of whole subjects or source videos.

    Learned: ``calibration_``, ``scaler_``, ``gate_`` ``[S, D + 1]`` (the last column is the bias), ``parameters_``.

    Args:
        method: name of the fusion.
        sources: kinds of columns that the gate reads.
    """

    kind = "logprob"

    def __init__(self, *, method: str, sources: Sequence[Source]) -> None:
        self.method = method
        self.sources = tuple(sources)
        self.reads_features = "features" in sources

    def fit(self, val: Predictions, streams: Sequence[str]) -> Self:
        """Fit calibration, penalty and gate on validation predictions.

        Raises:
            InputError: If they lack a stream, or features of it where the gate reads them.
        """
        self.calibration_ = Calibration().fit(val, streams)
        log_probs, present = self.calibration_.transform(val)
        columns, self.widths_ = stack_columns(val, self.calibration_, self.sources)
        self.scaler_ = self._scaler()
        inputs = self._inputs(self.scaler_.fit_transform(columns))
        rows = np.arange(len(val))
        experts = np.exp(log_probs[:, rows, val.labels])  # [S, N], probability of the true class
        self.parameters_ = {"penalty": self._choose_penalty(val, columns, log_probs, experts, present)}
        self.gate_ = fit_gate(inputs, experts, present, val.labels, penalty=self.parameters_["penalty"])
        return self

    def predict(self, test: Predictions) -> np.ndarray:
        """Return log-probabilities ``[N, K]``, uniform for a sample that has none of the streams."""
        log_probs, _ = self.calibration_.transform(test)
        return linear_pool(log_probs, self.gate_weights(test))

    def gate_weights(self, test: Predictions) -> np.ndarray:
        """Return the weight of every stream in every sample, ``[S, N]``; the weights of a sample sum to 1."""
        columns, _ = stack_columns(test, self.calibration_, self.sources, widths=self.widths_)
        _, present = self.calibration_.transform(test)
        inputs = self._inputs(self.scaler_.transform(columns))
        return apply_gate(self.gate_, inputs, present)

    def _scaler(self) -> BlockScaler:
        return BlockScaler(widths=tuple(self.widths_.values()), standardize=True)

    def _inputs(self, columns: np.ndarray) -> np.ndarray:
        return np.hstack([columns, np.ones((len(columns), 1))])

    def _choose_penalty(
        self, val: Predictions, columns: np.ndarray, log_probs: np.ndarray, experts: np.ndarray, present: np.ndarray
    ) -> float:
        """Return the penalty with the best mean class accuracy on held-out rows, the largest of equals."""
        predicted = np.zeros((len(PENALTY_GRID), len(val)), dtype=np.int64)
        for train, held_out in grouped_folds(val, NUM_FOLDS):
            scaler = self._scaler().fit(columns[train])
            inputs = self._inputs(scaler.transform(columns))
            for index, penalty in enumerate(PENALTY_GRID):
                gate = fit_gate(inputs[train], experts[:, train], present[:, train], val.labels[train], penalty=penalty)
                weights = apply_gate(gate, inputs[held_out], present[:, held_out])
                predicted[index, held_out] = linear_pool(log_probs[:, held_out], weights).argmax(axis=1)
        accuracies = [round(mean_class_accuracy(val.labels, row), 9) for row in predicted]
        return PENALTY_GRID[int(np.argmax(accuracies))]


def apply_gate(gate: np.ndarray, inputs: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return the softmax of the gate's logits over the streams that a sample has, over all where it has none.

    Shapes: gate ``[S, D]``, inputs ``[N, D]``, present ``[S, N]``; returns ``[S, N]``.
    """
    return softmax(np.where(present, gate @ inputs.T, _ABSENT_LOGIT), axis=0)


def fit_gate(
    inputs: np.ndarray, experts: np.ndarray, present: np.ndarray, labels: np.ndarray, *, penalty: float
) -> np.ndarray:
    """Return the gate that makes the true classes likeliest, all classes of equal weight.

    Args:
        inputs: columns that the gate reads, ``[N, D]``.
        experts: probability of the true class by every stream, ``[S, N]``.
        present: mask of the streams of every sample, ``[S, N]``.
        labels: class of every sample, ``[N]``.
        penalty: half the square of the gate's weights is added so many times.

    Shapes: returns ``[S, D]``.
    """
    class_sizes = np.bincount(labels)
    sample_weights = 1.0 / ((class_sizes > 0).sum() * class_sizes[labels])  # sum to 1
    shape = (len(experts), inputs.shape[1])

    def loss(flat_gate: np.ndarray) -> tuple[float, np.ndarray]:
        gate = flat_gate.reshape(shape)
        weights = apply_gate(gate, inputs, present)
        weighted = weights * experts
        mixture = np.maximum(weighted.sum(axis=0), np.finfo(np.float64).tiny)  # [N]
        responsibilities = weighted / mixture
        gradient = ((weights - responsibilities) * sample_weights) @ inputs + penalty * gate
        return float(-(sample_weights * np.log(mixture)).sum() + penalty / 2 * (gate**2).sum()), gradient.ravel()

    return minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B").x.reshape(shape)
