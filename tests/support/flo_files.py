"""Writer of Middlebury's ``.flo`` files."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def write_flo(path: Path, flow: np.ndarray) -> None:
    """Write float32 ``[H, W, 2]``."""
    height, width = flow.shape[:2]
    path.write_bytes(b"PIEH" + np.array([width, height], "<i4").tobytes() + flow.astype("<f4").tobytes())
