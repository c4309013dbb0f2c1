"""Selection of persons in a recording: joining tracks, dropping false detections, keeping the main persons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.poses import Poses

MIN_FRAMES = 12
MAX_ASPECT = 0.8
MAX_WIDE_RATIO = 0.69754
MOTION_RANGE = (0.089925, 2.0)  # square metres


def link_tracks(poses: Poses, *, gap: int = 10, distance: float = 0.5) -> Poses:
    """Join tracks that continue one another into one person: one ends, and another begins near it soon after.

    A depth camera that loses a body gives it a new id. The nearest pair is joined first; each track has at most one
    before and one after it. In the frames between them the joints stay missing; persons without a visible joint are
    left out.

    Args:
        poses: poses with a person for each track.
        gap: largest number of frames from the last of one track to the first of the other.
        distance: largest distance of the mean joints in these two frames; metres, or pixels for a 2D layout.

    Raises:
        InputError: If ``gap`` or ``distance`` is negative.
    """
    if gap < 0 or not distance >= 0:
        fail("gap and distance of link_tracks", "not be negative", f"{gap} and {distance}")
    tracks = [_Track(poses, person) for person in range(len(poses.keypoints)) if poses.scores[person].any()]
    pairs = [
        (float(np.linalg.norm(later.start - earlier.end)), i, j)
        for i, earlier in enumerate(tracks)
        for j, later in enumerate(tracks)
        if 0 < later.first - earlier.last <= gap
    ]
    successors: dict[int, int] = {}
    for pair_distance, i, j in sorted(pairs):
        if pair_distance <= distance and i not in successors and j not in successors.values():
            successors[i] = j
    chains: list[list[int]] = []
    for i in range(len(tracks)):
        if i not in successors.values():
            chain = [i]
            while chain[-1] in successors:
                chain.append(successors[chain[-1]])
            chains.append(chain)
    return _merge(poses, [[tracks[i].person for i in chain] for chain in chains]) if chains else poses


def denoise(poses: Poses) -> Poses:
    """Drop false detections of a depth camera by the usual thresholds for NTU RGB+D; one person always stays.

    Three rules apply one after the other, as long as another person remains. They drop persons that are visible in 11
    frames or fewer; that are wider than 0.8 times their height in 69.754 % of their frames or more (furniture); and
    whose motion in the other frames is not between 0.089925 and 2 m². The last person to stay is the one of most
    motion. The thresholds are those of Zhang et al. 2020 (SGN); motion is that of :func:`motion_of`.

    Args:
        poses: poses of a 3D layout.

    Raises:
        InputError: If the layout is 2D, for the thresholds are metres.
    """
    if get_layout(poses.layout).dims != 3:
        fail("layout of poses to denoise", "be 3D", f"'{poses.layout}'")
    visible = poses.scores > 0
    width, height = (_extent(poses.keypoints[..., axis], visible) for axis in (0, 1))
    wide = np.asarray(width > MAX_ASPECT * height)  # [M, T]
    present = visible.any(-1)
    motion = motion_of(poses.keypoints, visible & ~wide[..., None])
    rules = (
        present.sum(-1) >= MIN_FRAMES,
        (wide & present).sum(-1) < MAX_WIDE_RATIO * np.maximum(present.sum(-1), 1),
        (motion > MOTION_RANGE[0]) & (motion < MOTION_RANGE[1]),
    )
    persons = np.flatnonzero(present.any(-1))
    for rule in rules:
        passed = persons[rule[persons]]
        persons = passed if len(passed) else persons[np.argsort(-motion[persons], kind="stable")[:1]]
    return _take(poses, persons) if len(persons) else poses


def select_persons(poses: Poses, *, max_persons: int, by: str = "motion") -> Poses:
    """Return the main persons, the most important one first, without those that are never visible.

    Args:
        poses: poses of any number of persons.
        max_persons: largest number of persons to keep.
        by: ``motion`` (see :func:`motion_of`), or ``score``: the sum of all scores, which favours persons that were
            detected surely and long.

    Raises:
        InputError: If ``max_persons`` is no positive number, or ``by`` another word.
    """
    if max_persons < 1:
        fail("max_persons of select_persons", "be 1 or more", max_persons)
    check_choice("by of select_persons", by, ("motion", "score"))
    visible = poses.scores > 0
    total_score = poses.scores.sum((1, 2), dtype=np.float64)
    importance = motion_of(poses.keypoints, visible) if by == "motion" else total_score
    order = np.argsort(-importance, kind="stable")
    order = order[np.asarray(visible.any((1, 2)))[order]][:max_persons]
    return _take(poses, order if len(order) else np.arange(1))


def motion_of(keypoints: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return each person's variance of all visible joints of all frames about their mean, summed over the axes.

    Args:
        keypoints: coordinates of the joints.
        visible: True where a joint is visible.

    Shapes: ``[M, T, V, C]``, bool ``[M, T, V]`` -> float64 ``[M]``.
    """
    weights = visible[..., None].astype(np.float64)
    count = np.maximum(weights.sum((1, 2), keepdims=True), 1)
    mean = (weights * keypoints).sum((1, 2), keepdims=True) / count
    return np.asarray((weights * (keypoints - mean) ** 2).sum((1, 2, 3)) / count[:, 0, 0, 0])


class _Track:
    """First and last frame of a person, and the mean of its joints in them."""

    def __init__(self, poses: Poses, person: int) -> None:
        visible = poses.scores[person] > 0  # [T, V]
        frames = np.flatnonzero(visible.any(-1))
        self.person = person
        self.first = int(frames[0])
        self.last = int(frames[-1])
        self.start, self.end = (
            poses.keypoints[person, frame][visible[frame]].mean(0) for frame in (self.first, self.last)
        )


def _extent(values: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return the range of the visible joints, ``[M, T, V]`` -> ``[M, T]``; negative if none is visible."""
    return np.asarray(values.max(-1, initial=-1e9, where=visible) - values.min(-1, initial=1e9, where=visible))


def _take(poses: Poses, persons: np.ndarray) -> Poses:
    pixels = None if poses.pixels is None else poses.pixels[persons]
    return Poses(poses.keypoints[persons], poses.scores[persons], poses.layout, pixels)


def _merge(poses: Poses, chains: Sequence[Sequence[int]]) -> Poses:
    """Make one person of each chain of persons that are never visible at the same time."""

    def merge(array: np.ndarray) -> np.ndarray:
        rows = []
        for first, *successors in chains:
            row = array[first].copy()
            for person in successors:
                present = poses.scores[person].any(-1)
                row[present] = array[person, present]
            rows.append(row)
        return np.stack(rows)

    pixels = None if poses.pixels is None else merge(poses.pixels)
    return Poses(merge(poses.keypoints), merge(poses.scores), poses.layout, pixels)
