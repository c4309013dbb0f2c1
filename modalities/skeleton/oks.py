"""COCO's object keypoint similarity (OKS) of two sets of joints."""

from __future__ import annotations

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import Layout

SIGMAS = {
    **{"nose": 0.026, "eye": 0.025, "ear": 0.035, "shoulder": 0.079, "elbow": 0.072},
    **{"wrist": 0.062, "hip": 0.107, "knee": 0.087, "ankle": 0.089},
}
"""Standard deviation of COCO's annotations by joint, in units of the square root of a person's area."""


def sigmas_of(layout: Layout) -> np.ndarray:
    """Return COCO's sigma of each joint of a layout, NaN for joints that COCO does not have; float64 ``[V]``.

    Raises:
        InputError: If COCO has none of the joints.
    """
    names = [joint.removeprefix("left_").removeprefix("right_") for joint in layout.joints]
    sigmas = np.array([SIGMAS.get(name, np.nan) for name in names])
    if np.isnan(sigmas).all():
        fail(f"joints of layout '{layout.name}'", f"include some of {', '.join(SIGMAS)}", names)
    return sigmas


def oks(
    first: np.ndarray, second: np.ndarray, *, visible: np.ndarray, area: np.ndarray, sigmas: np.ndarray
) -> np.ndarray:
    """Return the mean of ``exp(−d² / (2 · area · (2σ)²))`` over the visible joints, 0–1; NaN where none is visible.

    Ronchi and Perona 2017, Benchmarking and Error Diagnosis in Multi-Instance Pose Estimation.

    Args:
        first: joints of one set, pixels.
        second: joints of the other set, pixels.
        visible: True for joints that count.
        area: area of the person, square pixels.
        sigmas: sigma of each joint, see :func:`sigmas_of`; joints of which it is NaN do not count.

    Shapes: ``[..., V, 2]``, ``[..., V, 2]``, bool ``[..., V]``, ``[...]``, ``[V]`` -> float64 ``[...]``.
    """
    squared_distance = ((first.astype(np.float64) - second) ** 2).sum(-1)
    has_sigma = ~np.isnan(sigmas)
    variance = np.maximum(np.asarray(area)[..., None], 1e-9) * (2 * np.where(has_sigma, sigmas, 1)) ** 2
    counted = np.broadcast_to(visible & has_sigma, squared_distance.shape)
    similarity = np.where(counted, np.exp(-squared_distance / (2 * variance)), 0).sum(-1)
    count = counted.sum(-1)
    return np.where(count > 0, similarity / np.maximum(count, 1), np.nan)
