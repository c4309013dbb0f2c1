"""How far lifted skeletons are from true ones: MPJPE, and MPJPE after Procrustes alignment."""

from __future__ import annotations

import numpy as np

from modalities.checks import check_shape, fail

FEWEST = 3  # joints that fix a rotation


def joint_errors(predicted: np.ndarray, true: np.ndarray, *, root: int) -> np.ndarray:
    """Distance of each joint from where it is, both skeletons about their root; in the unit of the input.

    The mean of them over joints and frames is the MPJPE (Ionescu et al. 2014, Human3.6M), protocol 1.

    Shapes: ``[N, V, 3]`` twice -> ``[N, V]``.

    Raises:
        InputError: if shapes differ.
    """
    sizes = check_shape("predicted skeletons", predicted, ["N", "V", 3])
    check_shape("true skeletons", true, ["N", "V", 3], **sizes)
    predicted, true = (each - each[:, root : root + 1] for each in (predicted, true))
    return np.asarray(np.linalg.norm(predicted - true, axis=-1))


def procrustes(predicted: np.ndarray, true: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The predicted skeletons moved, turned and scaled, each as near to the true one as that makes it.

    Least squares over the seen joints, without mirroring (Umeyama 1991, Least-squares Estimation of Transformation
    Parameters Between Two Point Patterns).

    Shapes: ``[N, V, 3]`` twice, bool ``[N, V]`` -> float64 ``[N, V, 3]``.

    Raises:
        InputError: if shapes differ, or fewer than three joints of a skeleton are seen.
    """
    sizes = check_shape("predicted skeletons", predicted, ["N", "V", 3])
    check_shape("true skeletons", true, ["N", "V", 3], **sizes)
    check_shape("seen joints", seen, ["N", "V"], **sizes)
    if len(seen) and (fewest := int(seen.sum(-1).min())) < FEWEST:
        fail("skeletons to align", f"have {FEWEST} seen joints each", f"{fewest}", "leave such frames out")
    weights = seen[..., None] / np.maximum(seen.sum(-1), 1)[:, None, None]  # [N, V, 1]
    middle, goal = ((weights * each.astype(np.float64)).sum(1, keepdims=True) for each in (predicted, true))
    from_middle, from_goal = predicted - middle, true - goal
    u, stretch, vt = np.linalg.svd(np.einsum("nvi,nvj->nij", weights * from_goal, from_middle))
    signs = np.ones((len(predicted), 3))
    signs[:, 2] = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    turn = np.einsum("nij,nj,njk->nik", u, signs, vt)
    spread = (weights * from_middle**2).sum((1, 2))
    scale = (stretch * signs).sum(-1) / np.where(spread > 0, spread, 1)
    return np.asarray(scale[:, None, None] * np.einsum("nij,nvj->nvi", turn, from_middle) + goal)


def lift_errors(predicted: np.ndarray, true: np.ndarray, seen: np.ndarray, *, root: int) -> dict[str, float]:
    """``mpjpe`` and ``pa_mpjpe`` in millimetres, means over all seen joints, of skeletons in metres.

    A frame in which fewer than three joints are seen counts in neither.

    Shapes: ``[N, V, 3]`` twice, bool ``[N, V]``.

    Raises:
        InputError: if shapes differ, or no frame is left.
    """
    whole = seen.sum(-1) >= FEWEST
    if not whole.any():
        fail("skeletons to compare", "have three seen joints in some frame", "none")
    predicted, true, seen = predicted[whole], true[whole], seen[whole]
    aligned = np.linalg.norm(procrustes(predicted, true, seen) - true, axis=-1)
    return {
        "mpjpe": float(1000 * joint_errors(predicted, true, root=root)[seen].mean()),
        "pa_mpjpe": float(1000 * aligned[seen].mean()),
    }
