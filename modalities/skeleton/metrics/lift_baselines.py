"""What a lifter must beat: guesses that know nothing of time, and little or nothing of the pose."""

from __future__ import annotations

from typing import Protocol

import numpy as np

RIDGE = 1e-3


class Baseline(Protocol):
    """Learns from normalised 2D joints and true skeletons, then guesses skeletons; all of single frames.

    Shapes: ``flat`` ``[N, V, 3]``: x, y, seen (see :func:`modalities.skeleton.lifting.windows.normalise`); ``true``
    and guesses ``[N, V, 3]``, metres about the root.
    """

    def fit(self, flat: np.ndarray, true: np.ndarray) -> Baseline: ...

    def predict(self, flat: np.ndarray) -> np.ndarray: ...


class MeanPose:
    """Always the mean of all skeletons."""

    def fit(self, flat: np.ndarray, true: np.ndarray) -> MeanPose:
        self.mean_ = true.mean(0)
        return self

    def predict(self, flat: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.mean_, (len(flat), *self.mean_.shape))


class FlatDepth:
    """The 2D pose as a cut-out that faces the camera, all of it as far away as the root, in one size for all people.

    A lost joint is put on the root.

    Args:
        root: index of the root.
    """

    def __init__(self, *, root: int) -> None:
        self.root = root

    def fit(self, flat: np.ndarray, true: np.ndarray) -> FlatDepth:
        shape = self._shape(flat)
        self.scale_ = float((shape * true[..., :2]).sum() / max((shape**2).sum(), 1e-12))
        return self

    def predict(self, flat: np.ndarray) -> np.ndarray:
        return np.concatenate([self.scale_ * self._shape(flat), np.zeros((*flat.shape[:2], 1))], -1)

    def _shape(self, flat: np.ndarray) -> np.ndarray:
        both = (flat[..., 2:] > 0) & (flat[:, self.root : self.root + 1, 2:] > 0)
        return np.asarray(both * (flat[..., :2] - flat[:, self.root : self.root + 1, :2]))


class LinearFrame:
    """Linear regression from the 2D joints of a frame, with a little ridge."""

    def fit(self, flat: np.ndarray, true: np.ndarray) -> LinearFrame:
        data = self._with_one(flat)
        square = data.T @ data / len(data) + RIDGE * np.eye(data.shape[1])
        self.weights_ = np.linalg.solve(square, data.T @ true.reshape(len(true), -1) / len(data))
        return self

    def predict(self, flat: np.ndarray) -> np.ndarray:
        return np.asarray((self._with_one(flat) @ self.weights_).reshape(len(flat), -1, 3))

    def _with_one(self, flat: np.ndarray) -> np.ndarray:
        return np.concatenate([flat.reshape(len(flat), -1), np.ones((len(flat), 1))], 1).astype(np.float64)
