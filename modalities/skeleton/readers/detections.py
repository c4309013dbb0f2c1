"""Bodies as a file lists them frame by frame, gathered into one array a person."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np

from modalities.checks import fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import CURE, check_room, to_poses

MOST_PERSONS = 1000


class Detections:
    """Collects the rows of each person's joints, packed, in the order in which persons first come.

    Args:
        path: named in errors.
        data: the file's content, beside which the poses must not be too large.
        layout: name of the joint layout.
        pixels: whether joints come with pixels besides metres.
    """

    def __init__(self, path: str | Path, data: bytes, *, layout: str, pixels: bool = False) -> None:
        self.path, self.data, self.layout, self.pixels = path, data, get_layout(layout), pixels
        self._frames: dict[int, array[int]] = {}
        self._values: dict[int, array[float]] = {}

    def add(self, person: int, frame: int, rows: np.ndarray) -> bool:
        """Keep a person's joints in a frame; False if there are some of this frame already, which must not be.

        Args:
            person: whatever tells persons apart; any integer.
            frame: from 0, not before the person's last.
            rows: coordinates, score, and pixels if there are some.

        Shapes: float32 ``[V, C + 1]`` or ``[V, C + 3]``.

        Raises:
            InputError: if there are too many persons.
        """
        frames = self._frames.setdefault(person, array("q"))
        if frames and frames[-1] == frame:
            return False
        if len(self._frames) > MOST_PERSONS:
            fail(f"'{self.path}'", f"hold at most {MOST_PERSONS} persons", f"more by frame {frame}", CURE)
        frames.append(frame)
        self._values.setdefault(person, array("f")).frombytes(np.ascontiguousarray(rows, np.float32).tobytes())
        return True

    def poses(self, num: int) -> Poses:
        """Poses of ``num`` frames; where a person has none, all joints are lost.

        Raises:
            InputError: if nobody is ever seen, or few bodies are spread over more frames than the file can mean.
        """
        joints, dims = self.layout.num_joints, self.layout.dims
        width = dims + (3 if self.pixels else 1)
        persons = max(len(self._frames), 1)
        check_room(self.path, 4 * persons * num * joints * width, self.data, what=f"{persons} persons × {num} frames")
        keypoints = np.zeros((persons, num, joints, dims), np.float32)
        scores = np.zeros((persons, num, joints), np.float32)
        pixels = np.zeros((persons, num, joints, 2), np.float32) if self.pixels else None
        for slot, person in enumerate(self._frames):
            frames = np.frombuffer(self._frames[person], np.int64)
            rows = np.frombuffer(self._values.pop(person), np.float32).reshape(-1, joints, width)
            keypoints[slot, frames], scores[slot, frames] = rows[..., :dims], rows[..., dims]
            if pixels is not None:
                pixels[slot, frames] = rows[..., dims + 1 :]
        return to_poses(self.path, keypoints, scores, layout=self.layout.name, pixels=pixels)
