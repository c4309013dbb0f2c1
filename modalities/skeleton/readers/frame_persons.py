"""Persons in pixels, listed frame by frame, joined into tracks where the file does not track them."""

from __future__ import annotations

from array import array
from collections.abc import Sized
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import Layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import check_memory
from triad.modalities.skeleton.readers.pose_arrays import build_poses

MAX_PERSONS = 8
"""Persons of the result: tracks that follow one another share one, the surest come first."""
MAX_IN_FRAME = 100


class FramePersons:
    """Collects the persons of each frame in compact arrays.

    Args:
        path: name of the file in errors.
        data: content of the file, whose size bounds the memory of the poses.
        layout: joint layout in pixels.
    """

    def __init__(self, path: str | Path, data: Sized, layout: Layout) -> None:
        self.path = path
        self.data = data
        self.layout = layout
        self._frames = array("q")
        self._tracks = array("q")
        self._values = array("f")

    def add(self, frame: int, rows: np.ndarray, track: int | None = None) -> None:
        """Add a person to a frame.

        Args:
            frame: index of the frame, from 0.
            rows: pixels and score of each joint; a joint with a value that is no number is missing.
            track: number that tells persons apart; None where the file does not track them.

        Shapes: float32 ``[V, 3]``.
        """
        rows = np.ascontiguousarray(rows, np.float32).copy()
        rows[~np.isfinite(rows).all(-1) | (rows[:, 2] <= 0)] = 0
        self._frames.append(frame)
        self._tracks.append(-1 if track is None else track)
        self._values.frombytes(rows.tobytes())

    def poses(self, num_frames: int) -> Poses:
        """Return the poses of all frames; a person who is not in a frame is missing there.

        Raises:
            InputError: If nobody is visible at any time, a frame has too many persons, or few persons are spread over
                so many frames that the poses would be far larger than the file.
        """
        joints = self.layout.num_joints
        needed = 4 * num_frames * joints * 3
        check_memory(self.path, needed, self.data, subject=f"{num_frames} frames")
        frames = np.frombuffer(self._frames, np.int64) if self._frames else np.zeros(0, np.int64)
        values = np.frombuffer(self._values, np.float32).reshape(-1, joints, 3) if self._values else None
        if values is None or not (values[..., 2] > 0).any():
            fail(f"'{self.path}'", "show a joint of somebody in some frame", f"none in {num_frames} frames")
        visible = np.asarray((values[..., 2] > 0).any(-1))
        tracks = self._track(frames, values, visible, num_frames)
        rows_by_track: dict[int, list[int]] = {}
        for row in np.flatnonzero(visible).tolist():
            rows_by_track.setdefault(int(tracks[row]), []).append(row)
        slots = _assign_slots(frames, values, rows_by_track)
        check_memory(self.path, needed * len(slots), self.data, subject=f"{len(slots)} persons × {num_frames} frames")
        keypoints = np.zeros((len(slots), num_frames, joints, 2), np.float32)
        scores = np.zeros((len(slots), num_frames, joints), np.float32)
        for person, rows in enumerate(slots):
            keypoints[person, frames[rows]] = values[rows][..., :2]
            scores[person, frames[rows]] = values[rows][..., 2]
        return build_poses(self.path, keypoints, scores, layout=self.layout.name)

    def _track(self, frames: np.ndarray, values: np.ndarray, visible: np.ndarray, num_frames: int) -> np.ndarray:
        """Return the track of every person, those of the file or new ones, int64 ``[N]``."""
        from triad.modalities.skeleton.pose_estimation import FramePoses, Tracker  # imports the estimators

        tracks = np.array(self._tracks, np.int64)
        untracked = np.flatnonzero((tracks < 0) & visible)
        if not len(untracked):
            return tracks
        tracker = Tracker(self.layout.name)
        offset = int(tracks.max(initial=-1)) + 1
        order = untracked[np.argsort(frames[untracked], kind="stable")]
        bounds = np.searchsorted(frames[order], np.arange(num_frames + 1))
        for frame in range(num_frames):
            rows = order[bounds[frame] : bounds[frame + 1]]
            if len(rows) > MAX_IN_FRAME:
                fail(f"'{self.path}'", f"show at most {MAX_IN_FRAME} persons in a frame", len(rows), CURE)
            joints = values[rows][..., :2].copy()
            boxes = _boxes(joints, values[rows][..., 2] > 0)
            scores = values[rows][..., 2].copy()
            (tracked,) = tracker([FramePoses(joints, scores, boxes, np.ones(len(rows), np.float32))])
            tracks[rows] = offset + tracked.track_ids  # a score of 1 begins a track, so that all persons have one
        return tracks


def _boxes(joints: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Return the boxes around visible joints, ``[N, V, 2]`` -> float32 ``[N, 4]``."""
    if not len(joints):
        return np.zeros((0, 4), np.float32)
    low = joints.min(1, initial=np.float32(1e6), where=visible[..., None])
    high = joints.max(1, initial=np.float32(-1e6), where=visible[..., None])
    return np.concatenate([low, np.maximum(high, low + 1)], -1).astype(np.float32)


def _assign_slots(frames: np.ndarray, values: np.ndarray, rows_by_track: dict[int, list[int]]) -> list[list[int]]:
    """Return the rows of each person; tracks take a person in the order of their scores, if its frames are free."""
    scores = {track: float(values[rows][..., 2].sum()) for track, rows in rows_by_track.items()}
    slots: list[tuple[set[int], list[int]]] = []
    for track in sorted(scores, key=lambda track: (-scores[track], track)):
        rows = rows_by_track[track]
        span = set(frames[rows].tolist())
        if len(span) < len(rows):  # one track twice in a frame: the first one counts
            first = {int(frames[row]): row for row in reversed(rows)}
            rows = list(first.values())
        slot = next((slot for slot in slots if not slot[0] & span), None)
        if slot is None:
            if len(slots) == MAX_PERSONS:
                continue
            slot = (set(), [])
            slots.append(slot)
        slot[0].update(span)
        slot[1].extend(rows)
    return [rows for _, rows in slots]
