"""From tracked people of a span of frames to its poses: the main person first, gaps filled and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from modalities.checks import fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_estimation.interfaces import TrackedPoses
from modalities.skeleton.pose_estimation.smoothing import smooth as smoothed
from modalities.skeleton.poses import Poses

FILLED = 0.5
"""A joint that is filled in has this share of the lower of the two scores that it lies between."""


class Assembled(NamedTuple):
    """Poses, and what made them.

    Attributes:
        poses: at least one person, who is lost where nobody was seen.
        tracks: int32 ``[M, T]``: whose track the pose is of, −1 where it is nobody's.
        filled: bool ``[M, T]``: where the pose was not seen but interpolated.
        left_out: poses of people for whom there was no room.
    """

    poses: Poses
    tracks: np.ndarray
    filled: np.ndarray
    left_out: int


class _Track(NamedTuple):
    id: int
    frames: np.ndarray  # [S], seen ones, ascending
    keypoints: np.ndarray  # [S, V, 2]
    scores: np.ndarray  # [S, V]
    worth: float

    @property
    def span(self) -> slice:
        return slice(int(self.frames[0]), int(self.frames[-1]) + 1)


def assemble(seen: Sequence[TrackedPoses], *, layout: str, persons: int = 2, smooth: int | None = None) -> Assembled:
    """The people of consecutive frames as :class:`Poses` of so many times.

    A track's worth is the sum, over its frames, of its mean score times the root of its box's area: large, sure and
    long. Tracks take rooms in the order of their worth; one that lies before or after all that are in a room shares it,
    so that somebody who comes back under another id stays the same person. Who finds no room is left out.

    Args:
        seen: one entry a frame, of one tracker.
        layout: name of the joint layout.
        persons: how many rooms there are.
        smooth: frames of the smoothing window, see :mod:`modalities.skeleton.pose_estimation.smoothing`; none by
            default.

    Raises:
        InputError: if there is no frame or no room.
    """
    if not seen or persons < 1:
        fail("frames and persons to assemble", "be 1 or more", f"{len(seen)} and {persons}")
    tracks, worth = np.full((persons, len(seen)), -1, np.int32), np.zeros(persons)
    placed: list[tuple[int, _Track]] = []
    left_out = 0
    for track in sorted(_gather(seen), key=lambda track: (-track.worth, track.id)):
        room = next((room for room in range(persons) if (tracks[room, track.span] < 0).all()), None)
        if room is None:
            left_out += len(track.frames)
            continue
        tracks[room, track.span] = track.id
        worth[room] += track.worth
        placed.append((room, track))
    order = np.argsort(-worth, kind="stable")[: max(len({room for room, _ in placed}), 1)].tolist()
    shape = (len(order), len(seen), get_layout(layout).num_joints)
    keypoints, scores = np.zeros((*shape, 2), np.float32), np.zeros(shape, np.float32)
    filled = np.zeros(shape[:2], bool)
    for room, track in placed:
        person, span = order.index(room), track.span
        points, sure = _whole(track)
        points = points if smooth is None else smoothed(points, sure > 0, smooth)
        keypoints[person, span], scores[person, span] = np.where(sure[..., None] > 0, points, 0), sure
        filled[person, span] = ~np.isin(np.arange(span.start, span.stop), track.frames)
    return Assembled(Poses(keypoints, scores, layout), tracks[order], filled, left_out)


def _gather(seen: Sequence[TrackedPoses]) -> list[_Track]:
    places: dict[int, list[tuple[int, int]]] = {}
    for frame, (_, ids) in enumerate(seen):
        for row, track in enumerate(ids.tolist()):
            places.setdefault(track, []).append((frame, row))
    found = []
    for track, rows in places.items():
        keypoints, scores, boxes = (
            np.stack([getattr(seen[frame].people, name)[row] for frame, row in rows])
            for name in ("keypoints", "scores", "boxes")
        )
        sides = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(-1, dtype=np.float64))
        frames = np.array([frame for frame, _ in rows])
        found.append(_Track(track, frames, keypoints, scores, float((scores.mean(-1) * sides).sum())))
    return found


def _whole(track: _Track) -> tuple[np.ndarray, np.ndarray]:
    """Joints and scores of every frame of the track's span, float32 ``[T, V, 2]`` and ``[T, V]``."""
    times = np.arange(track.span.start, track.span.stop)
    after = np.searchsorted(track.frames, times)  # the seen frame at or after each
    before = np.where(track.frames[after] == times, after, after - 1)
    length = np.maximum(track.frames[after] - track.frames[before], 1)
    share = ((times - track.frames[before]) / length).astype(np.float32)[:, None, None]
    points = track.keypoints[before] * (1 - share) + track.keypoints[after] * share
    lower = np.minimum(track.scores[before], track.scores[after])
    sure = np.where((before == after)[:, None], lower, np.float32(FILLED) * lower)
    return points, sure.astype(np.float32)
