"""Tracked persons of consecutive frames as arrays: the main person first, gaps interpolated and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.pose_estimation.interfaces import TrackedPoses
from triad.modalities.skeleton.pose_estimation.smoothing import smooth_joints
from triad.modalities.skeleton.poses import Poses

FILLED_SCORE = 0.5
"""Factor from the lower of the two scores between which a joint is interpolated to its own score."""


class AssembledPoses(NamedTuple):
    """Poses and the tracks that they come from.

    Attributes:
        poses: at least one person, all of whose joints are missing where nobody was found.
        tracks: int32 ``[M, T]``: id of the track of each pose, −1 where there is none.
        filled: bool ``[M, T]``: True where the pose was interpolated.
        left_out: number of poses of persons that found no slot.
    """

    poses: Poses
    tracks: np.ndarray
    filled: np.ndarray
    left_out: int


class _Track(NamedTuple):
    id: int
    frames: np.ndarray  # [S], those with a pose, ascending
    keypoints: np.ndarray  # [S, V, 2]
    scores: np.ndarray  # [S, V]
    track_score: float

    @property
    def span(self) -> slice:
        return slice(int(self.frames[0]), int(self.frames[-1]) + 1)


def assemble(
    tracked: Sequence[TrackedPoses], *, layout: str, persons: int = 2, smooth: int | None = None
) -> AssembledPoses:
    """Return the persons of consecutive frames as :class:`Poses` of all frames.

    The score of a track is the sum, over its frames, of the mean joint score times the square root of the box's area.
    Each person of the result is a slot. Tracks take slots in the order of their scores; a track before or after all
    those of a slot shares it, so that somebody who comes back under another id stays the same person. Tracks that fit
    no slot are left out.

    Args:
        tracked: output of one tracker, one entry a frame.
        layout: name of the joint layout.
        persons: number of slots.
        smooth: length of the smoothing window in frames, see
            :mod:`triad.modalities.skeleton.pose_estimation.smoothing`; no smoothing by default.

    Raises:
        InputError: If there is no frame or no slot.
    """
    if not tracked or persons < 1:
        fail("frames and persons to assemble", "be 1 or more", f"{len(tracked)} and {persons}")
    tracks = np.full((persons, len(tracked)), -1, np.int32)
    slot_scores = np.zeros(persons)
    slots: list[tuple[int, _Track]] = []
    left_out = 0
    for track in sorted(_collect_tracks(tracked), key=lambda track: (-track.track_score, track.id)):
        slot = next((slot for slot in range(persons) if (tracks[slot, track.span] < 0).all()), None)
        if slot is None:
            left_out += len(track.frames)
            continue
        tracks[slot, track.span] = track.id
        slot_scores[slot] += track.track_score
        slots.append((slot, track))
    num_used = max(len({slot for slot, _ in slots}), 1)
    order = np.argsort(-slot_scores, kind="stable")[:num_used].tolist()
    shape = (num_used, len(tracked), get_layout(layout).num_joints)
    keypoints = np.zeros((*shape, 2), np.float32)
    scores = np.zeros(shape, np.float32)
    filled = np.zeros(shape[:2], bool)
    for slot, track in slots:
        person = order.index(slot)
        span = track.span
        track_keypoints, track_scores = _interpolate(track)
        if smooth is not None:
            track_keypoints = smooth_joints(track_keypoints, track_scores > 0, smooth)
        keypoints[person, span] = np.where(track_scores[..., None] > 0, track_keypoints, 0)
        scores[person, span] = track_scores
        filled[person, span] = ~np.isin(np.arange(span.start, span.stop), track.frames)
    return AssembledPoses(Poses(keypoints, scores, layout), tracks[order], filled, left_out)


def _collect_tracks(tracked: Sequence[TrackedPoses]) -> list[_Track]:
    rows_by_track: dict[int, list[tuple[int, int]]] = {}
    for frame, (_, track_ids) in enumerate(tracked):
        for row, track_id in enumerate(track_ids.tolist()):
            rows_by_track.setdefault(track_id, []).append((frame, row))
    tracks = []
    for track_id, rows in rows_by_track.items():
        keypoints, scores, boxes = (
            np.stack([getattr(tracked[frame].poses, name)[row] for frame, row in rows])
            for name in ("keypoints", "scores", "boxes")
        )
        sides = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(-1, dtype=np.float64))
        frames = np.array([frame for frame, _ in rows])
        tracks.append(_Track(track_id, frames, keypoints, scores, float((scores.mean(-1) * sides).sum())))
    return tracks


def _interpolate(track: _Track) -> tuple[np.ndarray, np.ndarray]:
    """Return joints and scores of every frame of the track's span, float32 ``[T, V, 2]`` and ``[T, V]``."""
    times = np.arange(track.span.start, track.span.stop)
    after = np.searchsorted(track.frames, times)  # first pose at or after each time
    before = np.where(track.frames[after] == times, after, after - 1)
    length = np.maximum(track.frames[after] - track.frames[before], 1)
    weight = ((times - track.frames[before]) / length).astype(np.float32)[:, None, None]
    keypoints = track.keypoints[before] * (1 - weight) + track.keypoints[after] * weight
    lower = np.minimum(track.scores[before], track.scores[after])
    scores = np.where((before == after)[:, None], lower, np.float32(FILLED_SCORE) * lower)
    return keypoints, scores.astype(np.float32)
