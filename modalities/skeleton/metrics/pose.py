"""Errors of estimated joints in the image against annotated ones: PCK and OKS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from triad.modalities.checks import check_shape, fail
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.oks import oks, sigmas_of
from triad.modalities.skeleton.poses import Poses

THRESHOLDS = {"box": (0.05, 0.1, 0.2), "torso": (0.2, 0.5)}
"""Thresholds of PCK as fractions of a reference length: the longer side of the box around the person's annotated joints
(Yang and Ramanan 2013, Articulated Human Detection with Flexible Mixtures of Parts), or the distance from the middle of
the shoulders to the middle of the hips."""
SHOULDERS = ("left_shoulder", "right_shoulder")
HIPS = ("left_hip", "right_hip")
FAR_AWAY = 1e6  # pixels


class PoseEvaluation(NamedTuple):
    """Errors of the joints of one clip that both layouts have.

    Attributes:
        name: name of the clip.
        label: name of its class, or None.
        joints: names of the joints, ``[V]``.
        distances: distances of the main person's joints from the true ones, pixels, infinite where missing, ``[T, V]``.
        nearest_distances: likewise of the person who is nearest in each frame.
        counted: True for joints that count, bool ``[T, V]``.
        reference_lengths: pixels in each frame, ``[T]``, by name.
        similarity: OKS of the main person in each frame, ``[T]``; NaN where no joint counts.
    """

    name: str
    label: str | None
    joints: tuple[str, ...]
    distances: np.ndarray
    nearest_distances: np.ndarray
    counted: np.ndarray
    reference_lengths: Mapping[str, np.ndarray]
    similarity: np.ndarray


def shared_joints(first: Layout, second: Layout) -> tuple[str, ...]:
    """Return the names of the joints that both layouts and COCO have, in the order of the first.

    Raises:
        InputError: If shoulders or hips, which the reference lengths need, are not among them.
    """
    sigmas = sigmas_of(first)
    names = [joint for joint, sigma in zip(first.joints, sigmas, strict=True) if not np.isnan(sigma)]
    shared = tuple(joint for joint in names if joint in second.joints)
    if not {*SHOULDERS, *HIPS} <= set(shared):
        fail(f"layouts '{first.name}' and '{second.name}'", "share shoulders and hips", list(shared))
    return shared


def evaluate_pose(
    estimate: Poses, truth: Poses, *, size_hw: tuple[int, int], name: str, label: str | None = None
) -> PoseEvaluation:
    """Compare estimated persons with the first person of the truth.

    Annotated joints outside of the frame do not count, for no estimator could see them.

    Args:
        estimate: estimated 2D poses, the main person first.
        truth: annotated 2D poses, in pixels of the same frames.
        size_hw: height and width of the frames.
        name: name of the clip.
        label: name of its class.

    Raises:
        InputError: If one of them is 3D, their lengths differ, or they share too few joints.
    """
    layout = get_layout(estimate.layout)
    true_layout = get_layout(truth.layout)
    if layout.dims != 2 or true_layout.dims != 2:
        fail("layouts of poses to compare", "be 2D", f"'{estimate.layout}' and '{truth.layout}'")
    check_shape("estimated joints", estimate.keypoints, ["M", truth.num, "V", 2])
    joints = shared_joints(layout, true_layout)
    indices = [layout.index(joint) for joint in joints]
    true_indices = [true_layout.index(joint) for joint in joints]
    points = estimate.keypoints[:, :, indices].astype(np.float64)
    true_points = truth.keypoints[0][:, true_indices].astype(np.float64)
    visible = estimate.scores[:, :, indices] > 0
    limit = np.array(size_hw[::-1])
    in_frame = ((true_points >= 0) & (true_points < limit)).all(-1)
    counted = (truth.scores[0][:, true_indices] > 0) & in_frame  # [T, V]
    distances = np.where(visible, np.linalg.norm(points - true_points, axis=-1), np.inf)  # [M, T, V]
    total_distance = np.minimum(np.where(counted, distances, 0), limit.max()).sum(-1)  # [M, T]
    nearest_distances = distances[total_distance.argmin(0), np.arange(truth.num)]
    lengths = reference_lengths(true_points, joints, truth.keypoints[0], truth.scores[0] > 0)
    similarity = oks(
        np.where(visible[0, ..., None], points[0], FAR_AWAY),
        true_points,
        visible=counted,
        area=lengths.pop("area"),
        sigmas=sigmas_of(layout)[indices],
    )
    return PoseEvaluation(name, label, joints, distances[0], nearest_distances, counted, lengths, similarity)


def reference_lengths(
    points: np.ndarray, joints: tuple[str, ...], body: np.ndarray, visible: np.ndarray
) -> dict[str, np.ndarray]:
    """Return ``box`` and ``torso`` (pixels) and ``area`` (of the box, square pixels) of each frame.

    Args:
        points: annotated joints that both layouts have.
        joints: names of these joints.
        body: all annotated joints.
        visible: True for joints of ``body`` that are annotated.

    Shapes: ``[T, V, 2]``, ``[T, K, 2]``, bool ``[T, K]`` -> ``[T]`` each.
    """
    low = np.where(visible[..., None], body, np.inf).min(1)
    high = np.where(visible[..., None], body, -np.inf).max(1)
    sides = np.maximum(high - low, 1.0)
    shoulders, hips = (points[:, [joints.index(joint) for joint in pair]].mean(1) for pair in (SHOULDERS, HIPS))
    torso = np.maximum(np.linalg.norm(shoulders - hips, axis=-1), 1.0)
    return {"box": sides.max(-1), "torso": torso, "area": sides.prod(-1)}


def pck(
    distances: np.ndarray, reference_length: np.ndarray, counted: np.ndarray, *, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of joints within ``threshold`` times the reference length, and the number that count.

    Args:
        distances: distances of the joints from the true ones, pixels.
        reference_length: reference length of each frame, pixels.
        counted: True for joints that count.
        threshold: fraction of the reference length.

    Shapes: ``[T, V]``, ``[T]``, bool ``[T, V]`` -> int ``[V]`` twice.
    """
    correct = counted & (distances <= threshold * reference_length[:, None])
    return correct.sum(0), counted.sum(0)


def evaluation_document(evaluations: Iterable[PoseEvaluation]) -> dict[str, Any]:
    """Return scores of all clips, of every joint, class and clip, and of the nearest person, and counts of frames.

    The values of each are ``pck_<reference length>_<threshold>`` and ``oks``; every joint of every frame weighs the
    same.

    Raises:
        InputError: If there is no clip, or no joint counts.
    """
    clips = list(evaluations)
    if not clips or not any(clip.counted.any() for clip in clips):
        fail("clips with estimated and annotated joints", "be one or more", "none")
    labels = sorted({clip.label for clip in clips if clip.label is not None})
    without_person = [np.isinf(clip.nearest_distances).all(-1) for clip in clips]
    nearest = [clip._replace(distances=clip.nearest_distances, similarity=np.empty(0)) for clip in clips]
    return {
        "mean": _scores(clips),
        "best_person": _scores(nearest),
        "joints": {joint: _scores(clips, joint=index) for index, joint in enumerate(clips[0].joints)},
        "classes": {label: _scores([clip for clip in clips if clip.label == label]) for label in labels},
        "sequences": {clip.name: _scores([clip]) for clip in clips},
        "frames": sum(len(clip.counted) for clip in clips),
        "frames_without_person": int(sum(frames.sum() for frames in without_person)),
        "joints_outside": int(sum((~clip.counted).sum() for clip in clips)),
    }


def _scores(clips: list[PoseEvaluation], *, joint: int | None = None) -> dict[str, float | None]:
    joints = slice(None) if joint is None else slice(joint, joint + 1)
    scores: dict[str, float | None] = {}
    for name, thresholds in THRESHOLDS.items():
        for threshold in thresholds:
            counts = [
                pck(clip.distances, clip.reference_lengths[name], clip.counted, threshold=threshold) for clip in clips
            ]
            num_correct = sum(int(correct[joints].sum()) for correct, _ in counts)
            num_counted = sum(int(counted[joints].sum()) for _, counted in counts)
            scores[f"pck_{name}_{threshold}"] = num_correct / num_counted if num_counted else None
    similarity = np.concatenate([clip.similarity for clip in clips]) if joint is None else np.empty(0)
    if (~np.isnan(similarity)).any():
        scores["oks"] = float(np.nanmean(similarity))
    return scores
