"""Flow files of the Middlebury benchmark (``.flo``).

Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow. A file holds the float32 number 202021.25 as
its magic number, width and height as int32, then ``u, v`` of every pixel, row by row; little-endian.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from triad.modalities.checks import check_file, fail

_MAGIC = np.float32(202021.25)
UNKNOWN = 1e9
"""Bound of the components; a larger one marks a pixel whose flow is unknown."""


def read_flo(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the flow, 0 where it is unknown, and the mask of the pixels where it is known.

    Shapes: float32 ``[H, W, 2]``, bool ``[H, W]``.

    Raises:
        InputError: If the file is missing, cut off, or not a ``.flo`` file.
    """
    path = check_file("flow", path, "give a .flo file of the Middlebury format")
    raw = path.read_bytes()
    if len(raw) < 12 or np.frombuffer(raw, "<f4", 1)[0] != _MAGIC:
        fail("flow", "be a .flo file of the Middlebury format", f"'{path}'")
    width, height = (int(size) for size in np.frombuffer(raw, "<i4", 2, 4))
    if width < 1 or height < 1 or len(raw) != 12 + 8 * width * height:
        fail(f"'{path}'", f"hold {height} × {width} vectors", f"{len(raw)} bytes", "download it again")
    flow = np.frombuffer(raw, "<f4", offset=12).reshape(height, width, 2).astype(np.float32)
    valid: np.ndarray = np.all(np.abs(flow) < UNKNOWN, axis=-1)  # NaN is unknown too
    flow[~valid] = 0
    return flow, valid
