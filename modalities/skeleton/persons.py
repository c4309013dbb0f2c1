"""Which persons of a recording are one, which are none, and which matter; times without a person stay lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modalities.checks import check_choice, fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses

SHORTEST, WIDEST, MOST_WIDE, MOTION = 12, 0.8, 0.69754, (0.089925, 2.0)


def link(poses: Poses, *, gap: int = 10, distance: float = 0.5) -> Poses:
    """Make one person of those that follow each other: a track that ends, and one that begins near it soon after.

    A depth camera that loses a body gives it a new id. The nearest pair is joined first; each track has at most one
    before and one after it. Frames between them stay lost, and persons who are never seen are left out.

    Args:
        poses: with a person an id.
        gap: frames from the last of one to the first of the other, at most.
        distance: between the mean joints in these two frames, at most; metres, or pixels of a 2D layout.

    Raises:
        InputError: if ``gap`` or ``distance`` is negative.
    """
    if gap < 0 or not distance >= 0:
        fail("gap and distance of link", "not be negative", f"{gap} and {distance}")
    tracks = [_Track(poses, person) for person in range(len(poses.keypoints)) if poses.scores[person].any()]
    pairs = [
        (float(np.linalg.norm(after.start - before.stop)), i, j)
        for i, before in enumerate(tracks)
        for j, after in enumerate(tracks)
        if 0 < after.first - before.last <= gap
    ]
    follows: dict[int, int] = {}
    for apart, i, j in sorted(pairs):
        if apart <= distance and i not in follows and j not in follows.values():
            follows[i] = j
    chains: list[list[int]] = []
    for i in range(len(tracks)):
        if i not in follows.values():
            chain = [i]
            while chain[-1] in follows:
                chain.append(follows[chain[-1]])
            chains.append(chain)
    return _merged(poses, [[tracks[i].person for i in chain] for chain in chains]) if chains else poses


def denoise(poses: Poses) -> Poses:
    """Leave out what a depth camera took for a body, by the thresholds in use for NTU RGB+D; somebody always stays.

    Dropped, one rule after the other and as long as another body is left: who is seen in 11 frames or fewer; who is
    wider than 0.8 times its height in 69.754 % of the frames or more (bodies stand upright, furniture does not); whose
    motion in the other frames is not between 0.089925 and 2 m². The last of them to stay is the one of most motion.
    The thresholds are those of Zhang et al. 2020 (SGN), in use since; motion is that of :func:`motion_of`.

    Raises:
        InputError: if the layout is 2D, for the thresholds are metres.
    """
    if get_layout(poses.layout).dims != 3:
        fail("layout of poses to denoise", "be 3D", f"'{poses.layout}'")
    seen = poses.scores > 0
    extent = [_extent(poses.keypoints[..., axis], seen) for axis in (0, 1)]
    wide = np.asarray(extent[0] > WIDEST * extent[1])  # [M, T]
    frames = seen.any(-1)
    motion = motion_of(poses.keypoints, seen & ~wide[..., None])
    rules = (
        frames.sum(-1) >= SHORTEST,
        (wide & frames).sum(-1) < MOST_WIDE * np.maximum(frames.sum(-1), 1),
        (motion > MOTION[0]) & (motion < MOTION[1]),
    )
    kept = np.flatnonzero(frames.any(-1))
    for rule in rules:
        passed = kept[rule[kept]]
        kept = passed if len(passed) else kept[np.argsort(-motion[kept], kind="stable")[:1]]
    return _picked(poses, kept) if len(kept) else poses


def choose(poses: Poses, *, most: int, by: str = "motion") -> Poses:
    """The persons who matter, the first one first; never more than there are, and none who is never seen.

    Args:
        poses: of any number of persons.
        most: how many to keep at most.
        by: ``motion`` (see :func:`motion_of`), or ``score``: the sum of all scores, which favours whom the detector saw
            surely and long.

    Raises:
        InputError: if ``most`` is no positive number, or ``by`` another word.
    """
    if most < 1:
        fail("most persons to choose", "be 1 or more", most)
    check_choice("by of persons to choose", by, ("motion", "score"))
    seen = poses.scores > 0
    worth = motion_of(poses.keypoints, seen) if by == "motion" else poses.scores.sum((1, 2), dtype=np.float64)
    order = np.argsort(-worth, kind="stable")
    order = order[np.asarray(seen.any((1, 2)))[order]][:most]
    return _picked(poses, order if len(order) else np.arange(1))


def motion_of(keypoints: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Variance of all seen joints of all frames about their mean, summed over the axes; of each person.

    Shapes: ``[M, T, V, C]``, bool ``[M, T, V]`` -> float64 ``[M]``.
    """
    weights = seen[..., None].astype(np.float64)
    count = np.maximum(weights.sum((1, 2), keepdims=True), 1)
    mean = (weights * keypoints).sum((1, 2), keepdims=True) / count
    return np.asarray((weights * (keypoints - mean) ** 2).sum((1, 2, 3)) / count[:, 0, 0, 0])


class _Track:
    """When a person is seen first and last, and where its joints are then in the mean."""

    def __init__(self, poses: Poses, person: int) -> None:
        seen = poses.scores[person] > 0  # [T, V]
        frames = np.flatnonzero(seen.any(-1))
        self.person, self.first, self.last = person, int(frames[0]), int(frames[-1])
        self.start, self.stop = (poses.keypoints[person, t][seen[t]].mean(0) for t in (self.first, self.last))


def _extent(values: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """From the smallest to the largest of the seen joints, ``[M, T, V]`` -> ``[M, T]``; negative if none is seen."""
    return np.asarray(values.max(-1, initial=-1e9, where=seen) - values.min(-1, initial=1e9, where=seen))


def _picked(poses: Poses, persons: np.ndarray) -> Poses:
    pixels = None if poses.pixels is None else poses.pixels[persons]
    return Poses(poses.keypoints[persons], poses.scores[persons], poses.layout, pixels)


def _merged(poses: Poses, chains: Sequence[Sequence[int]]) -> Poses:
    """A person of each chain, whose members are never seen at the same time."""

    def merge(array: np.ndarray) -> np.ndarray:
        rows = []
        for first, *others in chains:
            row = array[first].copy()
            for person in others:
                there = poses.scores[person].any(-1)
                row[there] = array[person, there]
            rows.append(row)
        return np.stack(rows)

    pixels = None if poses.pixels is None else merge(poses.pixels)
    return Poses(merge(poses.keypoints), merge(poses.scores), poses.layout, pixels)
