"""Baselines of lifting that use neither time nor a network."""

from __future__ import annotations

from typing import Protocol

import numpy as np

RIDGE = 1e-3


class Baseline(Protocol):
    """Learns skeletons from normalised 2D joints of single frames, and predicts them.

    Shapes: ``joints`` ``[N, V, 3]``: x, y, visibility (see
    :func:`triad.modalities.skeleton.lifting.windowing.normalise_pixels`); ``true`` and predictions ``[N, V, 3]``,
    metres about the root.
    """

    def fit(self, joints: np.ndarray, true: np.ndarray) -> Baseline: ...

    def predict(self, joints: np.ndarray) -> np.ndarray: ...


class MeanPose:
    """Predicts the mean of all skeletons."""

    def fit(self, joints: np.ndarray, true: np.ndarray) -> MeanPose:
        self.mean_ = true.mean(0)
        return self

    def predict(self, joints: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.mean_, (len(joints), *self.mean_.shape))


class FlatDepth:
    """Predicts the 2D pose as a flat cut-out that faces the camera at the root's depth, in one scale for all people.

    A missing joint is put on the root.

    Args:
        root: index of the root joint.
    """

    def __init__(self, *, root: int) -> None:
        self.root = root

    def fit(self, joints: np.ndarray, true: np.ndarray) -> FlatDepth:
        offsets = self._root_offsets(joints)
        self.scale_ = float((offsets * true[..., :2]).sum() / max((offsets**2).sum(), 1e-12))
        return self

    def predict(self, joints: np.ndarray) -> np.ndarray:
        return np.concatenate([self.scale_ * self._root_offsets(joints), np.zeros((*joints.shape[:2], 1))], -1)

    def _root_offsets(self, joints: np.ndarray) -> np.ndarray:
        """Return x and y about the root, 0 where the joint or the root is missing."""
        root = joints[:, self.root : self.root + 1]
        both_visible = (joints[..., 2:] > 0) & (root[..., 2:] > 0)
        return np.asarray(both_visible * (joints[..., :2] - root[..., :2]))


class LinearFrame:
    """Predicts by linear regression from the 2D joints of a frame, with a little ridge."""

    def fit(self, joints: np.ndarray, true: np.ndarray) -> LinearFrame:
        data = self._with_intercept(joints)
        square = data.T @ data / len(data) + RIDGE * np.eye(data.shape[1])
        self.weights_ = np.linalg.solve(square, data.T @ true.reshape(len(true), -1) / len(data))
        return self

    def predict(self, joints: np.ndarray) -> np.ndarray:
        return np.asarray((self._with_intercept(joints) @ self.weights_).reshape(len(joints), -1, 3))

    def _with_intercept(self, joints: np.ndarray) -> np.ndarray:
        return np.concatenate([joints.reshape(len(joints), -1), np.ones((len(joints), 1))], 1).astype(np.float64)
