"""How alike two sets of joints are: COCO's object keypoint similarity (Ronchi and Perona 2017)."""

from __future__ import annotations

import numpy as np

from modalities.checks import fail
from modalities.skeleton.layouts import Layout

SIGMAS = {
    **{"nose": 0.026, "eye": 0.025, "ear": 0.035, "shoulder": 0.079, "elbow": 0.072},
    **{"wrist": 0.062, "hip": 0.107, "knee": 0.087, "ankle": 0.089},
}
"""How far annotators of COCO are apart, in units of the root of a person's area, by joint."""


def sigmas_of(layout: Layout) -> np.ndarray:
    """COCO's figure of each joint, NaN of joints that COCO does not have; float64 ``[V]``.

    Raises:
        InputError: if COCO has none of the joints.
    """
    names = [joint.removeprefix("left_").removeprefix("right_") for joint in layout.joints]
    sigmas = np.array([SIGMAS.get(name, np.nan) for name in names])
    if np.isnan(sigmas).all():
        fail(f"joints of layout '{layout.name}'", f"include some of {', '.join(SIGMAS)}", names)
    return sigmas


def oks(first: np.ndarray, second: np.ndarray, *, seen: np.ndarray, area: np.ndarray, sigmas: np.ndarray) -> np.ndarray:
    """Mean of ``exp(−d² / (2 · area · (2σ)²))`` over the joints that are seen, from 0 to 1; NaN where none is.

    Args:
        first: joints in pixels.
        second: the others.
        seen: which joints count.
        area: of the person, square pixels.
        sigmas: see :func:`sigmas_of`; joints of which it is NaN do not count.

    Shapes: ``[..., V, 2]``, ``[..., V, 2]``, bool ``[..., V]``, ``[...]``, ``[V]`` -> float64 ``[...]``.
    """
    square = ((first.astype(np.float64) - second) ** 2).sum(-1)
    known = ~np.isnan(sigmas)
    variance = np.maximum(np.asarray(area)[..., None], 1e-9) * (2 * np.where(known, sigmas, 1)) ** 2
    counted = np.broadcast_to(seen & known, square.shape)
    alike = np.where(counted, np.exp(-square / (2 * variance)), 0).sum(-1)
    count = counted.sum(-1)
    return np.where(count > 0, alike / np.maximum(count, 1), np.nan)
