"""Errors of lifted skeletons: MPJPE, and MPJPE after Procrustes alignment."""

from __future__ import annotations

import numpy as np

from triad.modalities.checks import check_shape, fail

MIN_JOINTS = 3  # joints that determine a rotation


def joint_errors(predicted: np.ndarray, true: np.ndarray, *, root: int) -> np.ndarray:
    """Return the distance of each joint from its true position, both skeletons about their root.

    Its mean over joints and frames is the MPJPE (Ionescu et al. 2014, Human3.6M), protocol 1.

    Args:
        predicted: predicted skeletons.
        true: true skeletons, in the same unit.
        root: index of the root joint.

    Shapes: ``[N, V, 3]`` twice -> ``[N, V]``.

    Raises:
        InputError: If shapes differ.
    """
    sizes = check_shape("predicted skeletons", predicted, ["N", "V", 3])
    check_shape("true skeletons", true, ["N", "V", 3], **sizes)
    predicted = predicted - predicted[:, root : root + 1]
    true = true - true[:, root : root + 1]
    return np.asarray(np.linalg.norm(predicted - true, axis=-1))


def procrustes(predicted: np.ndarray, true: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return the predicted skeletons moved, turned and scaled so that each is nearest to its true skeleton.

    Least squares over the visible joints, without mirroring (Umeyama 1991, Least-squares Estimation of Transformation
    Parameters Between Two Point Patterns).

    Args:
        predicted: predicted skeletons.
        true: true skeletons.
        visible: True for joints that count.

    Shapes: ``[N, V, 3]`` twice, bool ``[N, V]`` -> float64 ``[N, V, 3]``.

    Raises:
        InputError: If shapes differ, or fewer than three joints of a skeleton are visible.
    """
    sizes = check_shape("predicted skeletons", predicted, ["N", "V", 3])
    check_shape("true skeletons", true, ["N", "V", 3], **sizes)
    check_shape("visible joints", visible, ["N", "V"], **sizes)
    if len(visible) and (fewest := int(visible.sum(-1).min())) < MIN_JOINTS:
        fail("skeletons to align", f"have {MIN_JOINTS} visible joints each", f"{fewest}", "leave such frames out")
    weights = visible[..., None] / np.maximum(visible.sum(-1), 1)[:, None, None]  # [N, V, 1]
    center = (weights * predicted.astype(np.float64)).sum(1, keepdims=True)
    true_center = (weights * true.astype(np.float64)).sum(1, keepdims=True)
    centered = predicted - center
    true_centered = true - true_center
    u, singular_values, vt = np.linalg.svd(np.einsum("nvi,nvj->nij", weights * true_centered, centered))
    signs = np.ones((len(predicted), 3))
    signs[:, 2] = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    rotation = np.einsum("nij,nj,njk->nik", u, signs, vt)
    variance = (weights * centered**2).sum((1, 2))
    scale = (singular_values * signs).sum(-1) / np.where(variance > 0, variance, 1)
    return np.asarray(scale[:, None, None] * np.einsum("nij,nvj->nvi", rotation, centered) + true_center)


def lift_errors(predicted: np.ndarray, true: np.ndarray, visible: np.ndarray, *, root: int) -> dict[str, float]:
    """Return ``mpjpe`` and ``pa_mpjpe`` in millimetres, means over all visible joints.

    Frames with fewer than three visible joints count in neither.

    Args:
        predicted: predicted skeletons, metres.
        true: true skeletons, metres.
        visible: True for joints that count.
        root: index of the root joint.

    Shapes: ``[N, V, 3]`` twice, bool ``[N, V]``.

    Raises:
        InputError: If shapes differ, or no frame has three visible joints.
    """
    counted = visible.sum(-1) >= MIN_JOINTS
    if not counted.any():
        fail("skeletons to compare", "have three visible joints in some frame", "none")
    predicted = predicted[counted]
    true = true[counted]
    visible = visible[counted]
    aligned_errors = np.linalg.norm(procrustes(predicted, true, visible) - true, axis=-1)
    return {
        "mpjpe": float(1000 * joint_errors(predicted, true, root=root)[visible].mean()),
        "pa_mpjpe": float(1000 * aligned_errors[visible].mean()),
    }
