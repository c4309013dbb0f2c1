"""Tracking of persons from frame to frame, by boxes and joints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.oks import oks, sigmas_of
from triad.modalities.skeleton.pose_estimation.boxes import box_iou
from triad.modalities.skeleton.pose_estimation.interfaces import FramePoses, TrackedPoses
from triad.modalities.skeleton.pose_estimation.matching import match_pairs

MIN_SIMILARITY = 0.1
"""Mean of box overlap and joint similarity from which persons of two frames are the same one."""


@dataclass
class _Track:
    id: int
    poses: FramePoses  # of the last frame with the person
    row: int
    num_missed: int = 0  # frames since


class Tracker:
    """Matches the persons of each frame with the tracks of earlier frames, so that the sum of similarities is largest.

    The similarity is the mean of the boxes' intersection over union and the joints' :func:`oks`. A person without a
    match begins a track if the detector's score is high enough; one of a lower score can only continue a track (Zhang
    et al. 2022, ByteTrack). Of a track only the last pose is kept, and only for ``gap`` frames.

    Args:
        layout: name of the layout of the joints.
        start: lowest box score that begins a track.
        gap: number of frames that a track may miss and still continue.

    Raises:
        InputError: If ``gap`` is negative, or COCO has none of the layout's joints.
    """

    def __init__(self, layout: str, *, start: float = 0.3, gap: int = 15) -> None:
        if gap < 0:
            fail("gap of the tracker", "not be negative", gap)
        self.start = start
        self.gap = gap
        self.sigmas = sigmas_of(get_layout(layout))
        self._tracks: list[_Track] = []
        self._next_id = 0

    @property
    def provenance(self) -> dict[str, Any]:
        settings = {"start": self.start, "gap": self.gap, "alike": MIN_SIMILARITY}
        return {"tracker": "boxes and joints", "settings": settings}

    def __call__(self, frames: list[FramePoses]) -> list[TrackedPoses]:
        """Return the persons of consecutive frames with the ids of their tracks, without those that have no track."""
        return [self._track_frame(poses) for poses in frames]

    def _track_frame(self, poses: FramePoses) -> TrackedPoses:
        ids = np.full(len(poses), -1)
        for track in self._tracks:
            track.num_missed += 1
        for track, row in self._match(poses):
            ids[row] = track.id
            track.poses = poses
            track.row = row
            track.num_missed = 0
        for row in np.flatnonzero((ids < 0) & (poses.box_scores >= self.start)).tolist():
            ids[row] = self._next_id
            self._tracks.append(_Track(self._next_id, poses, row))
            self._next_id += 1
        self._tracks = [track for track in self._tracks if track.num_missed <= self.gap]
        tracked = np.flatnonzero(ids >= 0)
        return TrackedPoses(FramePoses(*(array[tracked] for array in vars(poses).values())), ids[tracked])

    def _match(self, poses: FramePoses) -> list[tuple[_Track, int]]:
        """Return tracks with the rows of the persons that continue them."""
        if not self._tracks or not len(poses):
            return []
        before = {
            name: np.stack([vars(track.poses)[name][track.row] for track in self._tracks]) for name in vars(poses)
        }
        sides = before["boxes"][:, 2:] - before["boxes"][:, :2]
        joint_similarity = oks(
            poses.keypoints[None],
            before["keypoints"][:, None],
            visible=(poses.scores[None] > 0) & (before["scores"][:, None] > 0),
            area=sides.prod(-1)[:, None],
            sigmas=self.sigmas,
        )
        similarity = (box_iou(before["boxes"], poses.boxes) + np.nan_to_num(joint_similarity)) / 2  # [tracks, N]
        rows, columns = match_pairs(similarity, minimum=MIN_SIMILARITY)
        return [(self._tracks[row], int(column)) for row, column in zip(rows, columns, strict=True)]
