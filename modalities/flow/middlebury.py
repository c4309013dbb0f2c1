"""Flow files and folders of the Middlebury benchmark.

Baker et al. 2011, A Database and Evaluation Methodology for Optical Flow. A ``.flo`` file holds the float32 number
202021.25 as a mark, width and height as int32, then ``u, v`` of every pixel, row by row; little-endian.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modalities.atomic_files import atomic_write
from modalities.checks import check_file, check_shape, fail

_MARK = np.float32(202021.25)
UNKNOWN = 1e9
"""A component beyond it says that the flow is not known there."""


def read_flo(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Flow, 0 where it is unknown, and where it is known.

    Shapes: float32 ``[H, W, 2]``, bool ``[H, W]``.

    Raises:
        InputError: if the file is missing, cut off, or not a ``.flo`` file.
    """
    path = check_file("flow", path, "give a .flo file of the Middlebury format")
    raw = path.read_bytes()
    if len(raw) < 12 or np.frombuffer(raw, "<f4", 1)[0] != _MARK:
        fail("flow", "be a .flo file of the Middlebury format", f"'{path}'")
    width, height = (int(size) for size in np.frombuffer(raw, "<i4", 2, 4))
    if width < 1 or height < 1 or len(raw) != 12 + 8 * width * height:
        fail(f"'{path}'", f"hold {height} × {width} vectors", f"{len(raw)} bytes", "download it again")
    flow = np.frombuffer(raw, "<f4", offset=12).reshape(height, width, 2).astype(np.float32)
    known: np.ndarray = np.all(np.abs(flow) < UNKNOWN, axis=-1)  # NaN is unknown too
    flow[~known] = 0
    return flow, known


def write_flo(path: str | Path, flow: np.ndarray) -> None:
    """Write float32 ``[H, W, 2]``."""
    sizes = check_shape("flow", flow, ["H", "W", 2])
    with atomic_write(path) as temporary:
        size = np.array([sizes["W"], sizes["H"]], "<i4").tobytes()
        temporary.write_bytes(_MARK.astype("<f4").tobytes() + size + flow.astype("<f4").tobytes())
