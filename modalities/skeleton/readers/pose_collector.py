"""Joints listed body by body and frame by frame, collected into one array a person."""

from __future__ import annotations

from array import array
from collections.abc import Sequence, Sized
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import check_memory
from triad.modalities.skeleton.readers.pose_arrays import build_poses

MAX_PERSONS = 1000


class PoseCollector:
    """Collects the joints of each person in compact arrays; persons are ordered by their first frame.

    Args:
        path: name of the file in errors.
        data: content of the file, whose size bounds the memory of the poses.
        layout: joint layout, or its name.
        pixels: True if joints come with pixels besides metres.
        joints: indices of the joints that a file has, the others are not kept; None for all of them.
    """

    def __init__(
        self,
        path: str | Path,
        data: Sized,
        *,
        layout: str | Layout,
        pixels: bool = False,
        joints: Sequence[int] | None = None,
    ) -> None:
        self.path = path
        self.data = data
        self.layout = get_layout(layout) if isinstance(layout, str) else layout
        self.pixels = pixels
        self.joints = list(range(self.layout.num_joints) if joints is None else joints)
        self._frames: dict[int, array[int]] = {}
        self._values: dict[int, array[float]] = {}

    def add(self, person: int, frame: int, rows: np.ndarray) -> bool:
        """Add the joints of a person in a frame; return False if that person has joints in that frame already.

        Args:
            person: number that tells persons apart; any integer.
            frame: index of the frame, not before the person's last one.
            rows: coordinates, score and, where the file has them, pixels of each joint.

        Shapes: float32 ``[V, C + 1]`` or ``[V, C + 3]``.

        Raises:
            InputError: If there are too many persons.
        """
        frames = self._frames.setdefault(person, array("q"))
        if frames and frames[-1] == frame:
            return False
        if len(self._frames) > MAX_PERSONS:
            fail(f"'{self.path}'", f"hold at most {MAX_PERSONS} persons", f"more by frame {frame}", CURE)
        frames.append(frame)
        kept = rows if len(self.joints) == len(rows) else rows[self.joints]
        self._values.setdefault(person, array("f")).frombytes(np.ascontiguousarray(kept, np.float32).tobytes())
        return True

    def poses(self, num_frames: int) -> Poses:
        """Return the poses of all frames; where a person has no joints, all of them are missing.

        Raises:
            InputError: If nobody is visible at any time, or a few bodies are spread over so many frames that the
                poses would be far larger than the file.
        """
        joints = self.layout.num_joints
        dims = self.layout.dims
        width = dims + (3 if self.pixels else 1)
        persons = max(len(self._frames), 1)
        needed = 4 * persons * num_frames * joints * width
        check_memory(self.path, needed, self.data, subject=f"{persons} persons × {num_frames} frames")
        keypoints = np.zeros((persons, num_frames, joints, dims), np.float32)
        scores = np.zeros((persons, num_frames, joints), np.float32)
        pixels = np.zeros((persons, num_frames, joints, 2), np.float32) if self.pixels else None
        for row, person in enumerate(self._frames):
            frames = np.frombuffer(self._frames[person], np.int64)
            values = np.frombuffer(self._values.pop(person), np.float32).reshape(len(frames), -1, width)
            targets = (row, frames[:, None], np.array(self.joints)[None])
            keypoints[targets] = values[..., :dims]
            scores[targets] = values[..., dims]
            if pixels is not None:
                pixels[targets] = values[..., dims + 1 :]
        return build_poses(self.path, keypoints, scores, layout=self.layout.name, pixels=pixels)
