"""Who is who from frame to frame, by boxes and joints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from modalities.checks import fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.oks import oks, sigmas_of
from modalities.skeleton.pose_estimation.detectors.nms import overlaps
from modalities.skeleton.pose_estimation.interfaces import FramePoses, TrackedPoses

ALIKE = 0.1
"""Two people of different frames are one from this mean of box overlap and joint similarity on."""


@dataclass
class _Track:
    id: int
    people: FramePoses  # of the frame in which it was seen last
    row: int
    unseen: int = 0  # frames since


class Tracker:
    """Pairs the people of each frame with the tracks of those before, so that the sum of their likeness is largest.

    Likeness is the mean of the boxes' overlap and the joints' similarity (:func:`oks`). Who is paired
    with nobody begins a track, if the detector was sure enough; someone it is not sure of may only go on with one
    (Zhang et al. 2022, ByteTrack). Of a track the last pose is remembered, and for ``gap`` frames only.

    Args:
        layout: name of the layout of the joints.
        start: score of a box that begins a track, at least.
        gap: frames in which a track may be unseen and still go on.

    Raises:
        InputError: if ``gap`` is negative, or COCO has none of the layout's joints.
    """

    def __init__(self, layout: str, *, start: float = 0.3, gap: int = 15) -> None:
        if gap < 0:
            fail("gap of the tracker", "not be negative", gap)
        self.start, self.gap, self.sigmas = start, gap, sigmas_of(get_layout(layout))
        self._tracks: list[_Track] = []
        self._next = 0

    @property
    def provenance(self) -> dict[str, Any]:
        return {"tracker": "boxes and joints", "settings": {"start": self.start, "gap": self.gap, "alike": ALIKE}}

    def __call__(self, people: list[FramePoses]) -> list[TrackedPoses]:
        """One :class:`FramePoses` a frame -> one :class:`TrackedPoses` a frame, without those who have no track."""
        return [self._frame(each) for each in people]

    def _frame(self, people: FramePoses) -> TrackedPoses:
        ids = np.full(len(people), -1)
        for track in self._tracks:
            track.unseen += 1
        for track, row in self._pairs(people):
            ids[row] = track.id
            track.people, track.row, track.unseen = people, row, 0
        for row in np.flatnonzero((ids < 0) & (people.box_scores >= self.start)).tolist():
            ids[row] = self._next
            self._tracks.append(_Track(self._next, people, row))
            self._next += 1
        self._tracks = [track for track in self._tracks if track.unseen <= self.gap]
        kept = np.flatnonzero(ids >= 0)
        chosen = FramePoses(*(array[kept] for array in vars(people).values()))
        return TrackedPoses(chosen, ids[kept])

    def _pairs(self, people: FramePoses) -> list[tuple[_Track, int]]:
        if not self._tracks or not len(people):
            return []
        before = {
            name: np.stack([vars(track.people)[name][track.row] for track in self._tracks]) for name in vars(people)
        }
        sides = before["boxes"][:, 2:] - before["boxes"][:, :2]
        joints = oks(
            people.keypoints[None],
            before["keypoints"][:, None],
            seen=(people.scores[None] > 0) & (before["scores"][:, None] > 0),
            area=sides.prod(-1)[:, None],
            sigmas=self.sigmas,
        )
        alike = (overlaps(before["boxes"], people.boxes) + np.nan_to_num(joints)) / 2  # [tracks, N]
        rows, columns = linear_sum_assignment(alike, maximize=True)
        return [
            (self._tracks[row], int(column))
            for row, column in zip(rows, columns, strict=True)
            if alike[row, column] >= ALIKE
        ]
