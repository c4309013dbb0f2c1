"""Files as the datasets publish them, with made-up content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from triad.modalities.video import write_video


def digest(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def interrupted_after(count: int, function: Callable) -> Callable:
    """Return the function, which raises KeyboardInterrupt after ``count`` calls."""
    remaining_calls = iter(range(count))

    def call(*arguments):
        if next(remaining_calls, None) is None:
            raise KeyboardInterrupt
        return function(*arguments)

    return call


@cache
def _video(num_frames: int, fps: float) -> bytes:
    with TemporaryDirectory() as folder:
        frames = (np.full((24, 32, 3), 9 * number % 256, np.uint8) for number in range(num_frames))
        write_video(Path(folder) / "clip.mp4", frames, fps=fps)
        return (Path(folder) / "clip.mp4").read_bytes()


def write_clip(path: Path, *, frames: int, fps: float) -> Path:
    """Write a video of 32 × 24 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_video(frames, fps))
    return path


def write_lcrnet(path: Path, *, frames: int, first: float = 0.0) -> Path:
    """Write a file of LCR-Net: nobody in the second frame, a weaker second person in the third, else one person.

    Joint j of the person in frame t is at (first + t, j, 3).
    """
    people: list[list[dict]] = []
    for time in range(frames):
        joints = [first + time] * 13 + list(range(13)) + [3.0] * 13
        person = {"pose2d": [10.0 * j for j in range(26)], "pose3d": joints, "cumscore": 5.0}
        weaker = {"pose2d": [0.0] * 26, "pose3d": [9.0] * 39, "cumscore": 0.5}
        people.append([[person], [], [person, weaker]][time if time < 3 else 0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"K": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "njts": 13, "frames": people}))
    return path


def write_ntu(path: Path, *, frames: int, bodies: int = 1, switch: int | None = None) -> Path:
    """Write a skeleton file of NTU RGB+D whose body ids change at frame ``switch``.

    Joint j of body b in frame t is at (b + (1 + b / 4) t / 10, j / 10, 3), y up and x to the left.
    """
    rows = [str(frames)]
    for time in range(frames):
        rows.append(str(bodies))
        for body in range(bodies):
            number = body if switch is None or time < switch else 5 + body
            rows += [f"7205759403793601{number} 0 1 1 1 1 0 0.02 0.01 2", "25"]
            for joint in range(25):
                x, y = body + (1 + body / 4) * time / 10, joint / 10
                rows.append(f"{x} {y} 3.0 250.1 200.2 {900.5 + joint} {500.5 + joint} 0.1 0.2 0.3 0.4 2")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n")
    return path


def write_pku(path: Path, *, frames: int) -> Path:
    """Write a skeleton file of PKU-MMD with one person; joint j of frame t is at (t / 10, j / 10, 3)."""
    rows = [
        [value for joint in range(25) for value in (time / 10, joint / 10, 3.0)] + [0.0] * 75 for time in range(frames)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(" ".join(f"{value:.6f}" for value in row) for row in rows) + "\n")
    return path
