"""How far estimated joints in the image are from annotated ones: PCK and OKS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from modalities.checks import check_shape, fail
from modalities.skeleton.layouts import Layout, get_layout
from modalities.skeleton.oks import oks, sigmas_of
from modalities.skeleton.poses import Poses

THRESHOLDS = {"box": (0.05, 0.1, 0.2), "torso": (0.2, 0.5)}
"""Shares of a yardstick within which a joint counts as found: the longer side of the box around the person's annotated
joints (Yang and Ramanan 2013, Articulated Human Detection with Flexible Mixtures of Parts), and the distance from the
middle of the shoulders to the middle of the hips."""
SHOULDERS, HIPS = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")


class PoseEvaluation(NamedTuple):
    """One clip's joints, those that both layouts have, the nearest person's and the main one's.

    Attributes:
        name: of the clip.
        label: name of its class, or None.
        joints: names, ``[V]``.
        distances: of the main person's joints from the truth, pixels, infinite where nothing was estimated, ``[T, V]``.
        best: likewise of whichever person is nearest in each frame.
        counted: which joints count, bool ``[T, V]``.
        yardsticks: of each frame, pixels, ``[T]``, by name.
        similarity: OKS of the main person in each frame, ``[T]``; NaN where no joint counts.
    """

    name: str
    label: str | None
    joints: tuple[str, ...]
    distances: np.ndarray
    best: np.ndarray
    counted: np.ndarray
    yardsticks: Mapping[str, np.ndarray]
    similarity: np.ndarray


def shared_joints(first: Layout, second: Layout) -> tuple[str, ...]:
    """Names of the joints that both have and that COCO knows, in the order of the first.

    Raises:
        InputError: if shoulders or hips, by which bodies are measured, are not among them.
    """
    sigmas = sigmas_of(first)
    names = [joint for joint, sigma in zip(first.joints, sigmas, strict=True) if not np.isnan(sigma)]
    both = tuple(joint for joint in names if joint in second.joints)
    if not {*SHOULDERS, *HIPS} <= set(both):
        fail(f"layouts '{first.name}' and '{second.name}'", "share shoulders and hips", list(both))
    return both


def evaluate_pose(
    estimate: Poses, truth: Poses, *, size_hw: tuple[int, int], name: str, label: str | None = None
) -> PoseEvaluation:
    """Compare estimated people with the first person of the truth, both in pixels of the same frames.

    Annotated joints outside of the frame do not count: no estimator could see them.

    Raises:
        InputError: if one of them is 3D, they are not of one length, or share too few joints.
    """
    layouts = get_layout(estimate.layout), get_layout(truth.layout)
    if any(layout.dims != 2 for layout in layouts):
        fail("layouts of poses to compare", "be 2D", f"'{estimate.layout}' and '{truth.layout}'")
    check_shape("estimated joints", estimate.keypoints, ["M", truth.num, "V", 2])
    joints = shared_joints(*layouts)
    ours, theirs = ([layout.index(joint) for joint in joints] for layout in layouts)
    points, wanted = estimate.keypoints[:, :, ours].astype(np.float64), truth.keypoints[0][:, theirs].astype(np.float64)
    seen = estimate.scores[:, :, ours] > 0
    limit = np.array(size_hw[::-1])
    counted = (truth.scores[0][:, theirs] > 0) & ((wanted >= 0) & (wanted < limit)).all(-1)  # [T, V]
    distances = np.where(seen, np.linalg.norm(points - wanted, axis=-1), np.inf)  # [M, T, V]
    reach = np.minimum(np.where(counted, distances, 0), limit.max()).sum(-1)  # [M, T]
    best = distances[reach.argmin(0), np.arange(truth.num)]
    sides = yardsticks(wanted, joints, truth.keypoints[0], truth.scores[0] > 0)
    similarity = oks(
        np.where(seen[0, ..., None], points[0], 1e6),
        wanted,
        visible=counted,
        area=sides.pop("area"),
        sigmas=sigmas_of(layouts[0])[ours],
    )
    return PoseEvaluation(name, label, joints, distances[0], best, counted, sides, similarity)


def yardsticks(
    wanted: np.ndarray, joints: tuple[str, ...], body: np.ndarray, known: np.ndarray
) -> dict[str, np.ndarray]:
    """What errors are measured by, of each frame: ``box``, ``torso`` (pixels) and ``area`` (of the box).

    Args:
        wanted: annotated joints of both layouts.
        joints: their names.
        body: all annotated joints.
        known: which of these are.

    Shapes: ``[T, V, 2]``, ``[T, K, 2]``, bool ``[T, K]`` -> ``[T]`` each.
    """
    low = np.where(known[..., None], body, np.inf).min(1)
    high = np.where(known[..., None], body, -np.inf).max(1)
    sides = np.maximum(high - low, 1.0)
    ends = [wanted[:, [joints.index(joint) for joint in pair]].mean(1) for pair in (SHOULDERS, HIPS)]
    torso = np.maximum(np.linalg.norm(ends[0] - ends[1], axis=-1), 1.0)
    return {"box": sides.max(-1), "torso": torso, "area": sides.prod(-1)}


def pck(
    distances: np.ndarray, yardstick: np.ndarray, counted: np.ndarray, *, share: float
) -> tuple[np.ndarray, np.ndarray]:
    """How many joints lie within ``share`` of the yardstick, and how many count; int ``[V]`` each.

    Shapes: ``[T, V]``, ``[T]``, bool ``[T, V]``.
    """
    found = counted & (distances <= share * yardstick[:, None])
    return found.sum(0), counted.sum(0)


def evaluation_document(judged: Iterable[PoseEvaluation]) -> dict[str, Any]:
    """``{"mean", "best_person", "joints": {name: …}, "classes": {name: …}, "sequences": {name: …}, "frames", …}``.

    The values of each are ``pck_<yardstick>_<share>`` and ``oks``; every joint of every frame weighs the same.

    Raises:
        InputError: if there is none, or no joint counts.
    """
    clips = list(judged)
    if not clips or not any(clip.counted.any() for clip in clips):
        fail("clips with estimated and annotated joints", "be one or more", "none")
    labels = sorted({clip.label for clip in clips if clip.label is not None})
    lost = [np.isinf(clip.best).all(-1) for clip in clips]
    return {
        "mean": _scores(clips),
        "best_person": _scores([clip._replace(distances=clip.best, similarity=np.empty(0)) for clip in clips]),
        "joints": {joint: _scores(clips, joint=row) for row, joint in enumerate(clips[0].joints)},
        "classes": {label: _scores([clip for clip in clips if clip.label == label]) for label in labels},
        "sequences": {clip.name: _scores([clip]) for clip in clips},
        "frames": sum(len(clip.counted) for clip in clips),
        "frames_without_person": int(sum(frames.sum() for frames in lost)),
        "joints_outside": int(sum((~clip.counted).sum() for clip in clips)),
    }


def _scores(clips: list[PoseEvaluation], *, joint: int | None = None) -> dict[str, float | None]:
    chosen = slice(None) if joint is None else slice(joint, joint + 1)
    scores: dict[str, float | None] = {}
    for name, shares in THRESHOLDS.items():
        for share in shares:
            rows = [pck(clip.distances, clip.yardsticks[name], clip.counted, share=share) for clip in clips]
            found, count = (sum(int(row[part][chosen].sum()) for row in rows) for part in (0, 1))
            scores[f"pck_{name}_{share}"] = found / count if count else None
    alike = np.concatenate([clip.similarity for clip in clips]) if joint is None else np.empty(0)
    if (~np.isnan(alike)).any():
        scores["oks"] = float(np.nanmean(alike))
    return scores
