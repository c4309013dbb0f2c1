"""J-HMDB as it is downloaded, of one class and six clips."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

NAMES = tuple(f"video_wave_h_nm_np1_fr_goo_{number}" for number in range(1, 7))


def write_jhmdb(source: Path, video: Path, *, value: float = 0.0) -> Path:
    """Write ``videos/``, ``splits/`` and ``joints.npz`` into a new folder.

    Args:
        source: the folder.
        video: video of 10 frames, which every clip shows.
        value: coordinate of every joint of the last clip, pixels; those of the others lie at 0.
    """
    (source / "splits").mkdir(parents=True)
    (source / "videos/wave").mkdir(parents=True)
    joints = {}
    for name in NAMES:
        shutil.copy(video, source / f"videos/wave/{name}.avi")
        joints[name] = np.full((10, 15, 2), value if name == NAMES[-1] else 0, np.float32)
    np.savez(source / "joints.npz", **joints)
    for split in (1, 2, 3):
        rows = [f"{name}.avi {1 + (position + split) % 2}" for position, name in enumerate(NAMES)]
        (source / f"splits/wave_test_split{split}.txt").write_text("\n".join(rows))
    return source
