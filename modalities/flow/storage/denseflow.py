"""Flow as pairs of grey images in one folder per video, as denseflow and related tools write it.

Names are ``flow_x_00001.jpg`` and ``flow_y_00001.jpg``, or ``x_…`` and ``y_…``, or ``u_…`` and ``v_…``, counted from
any number; or the two components have a folder each, with pictures of equal numbers (``frame000001.jpg``). Other files,
such as colour frames (``img_00001.jpg``), are ignored. A component within ``±bound`` pixels is one of 256 steps; a
larger one is the last of them. JPEG adds an error far above that of our own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from triad.modalities.checks import fail

BOUND = 20.0
"""Pixels; denseflow's default."""
CURE = (
    "give a folder with one folder per video, each with flow_x_*.jpg and flow_y_*.jpg, or with folders u and v of such"
)
_REPEAT_CURE = "make this video's flow again"
_NAME = re.compile(r"(?:flow_)?(?P<axis>[xyuv])_(?P<number>\d+)\.(?:jpe?g|png)", re.IGNORECASE)
_NUMBERED = re.compile(r"[^.].*?(?P<number>\d+)\.(?:jpe?g|png)", re.IGNORECASE)
_AXES = {"x": 0, "u": 0, "y": 1, "v": 1}


class ClippedField(NamedTuple):
    """One field and the number of its components at the end of the scale, whose true value may be larger.

    Shapes: ``flow`` float32 ``[H, W, 2]``, pixels.
    """

    flow: np.ndarray
    clipped: int


class DenseflowPairs:
    """Flow of one video as pairs of images.

    Args:
        folder: folder of the images.
        vertical: folder of the vertical components, where ``folder`` holds the horizontal ones alone.
        bound: pixels of the last step.

    Attributes:
        num: number of pairs.

    Raises:
        InputError: If there is no pair, a component of one is missing, or numbers are left out.
    """

    def __init__(self, folder: Path, vertical: Path | None = None, *, bound: float = BOUND) -> None:
        self.folder = folder
        self.bound = bound
        pairs = _find_pairs(folder, vertical)
        first = min(pairs)
        self.num = len(pairs)
        if max(pairs) - first + 1 != self.num:
            missing = next(number for number in range(first, max(pairs)) if number not in pairs)
            fail(f"'{folder}'", "be numbered without a gap", f"no number {missing}", _REPEAT_CURE)
        self._pairs = [pairs[first + index] for index in range(self.num)]

    def read(self, index: int) -> ClippedField:
        """Return the field of pair ``index``, from 0.

        Raises:
            InputError: If an image is damaged or the two of the pair differ in size.
        """
        paths = self._pairs[index]
        codes = [_read_grey(paths[axis]) for axis in (0, 1)]
        if codes[0].shape != codes[1].shape:
            height, width = codes[0].shape
            size = "{} × {}".format(*codes[1].shape)
            fail(f"'{paths[1]}'", f"be {height} × {width} as '{paths[0].name}'", size)
        planes = np.stack(codes, axis=-1)
        flow = (planes.astype(np.float32) / np.float32(127.5) - 1) * np.float32(self.bound)
        return ClippedField(flow, int(((planes == 0) | (planes == 255)).sum()))


def _find_pairs(folder: Path, vertical: Path | None) -> dict[int, dict[int, Path]]:
    """Return the images by number and axis (0 horizontal, 1 vertical)."""
    pairs: dict[int, dict[int, Path]] = {}
    for axis, number, path in _iter_images(folder, vertical):
        pair = pairs.setdefault(number, {})
        if axis in pair:
            got = f"'{pair[axis].name}' and '{path.name}'"
            fail(f"'{path.parent}'", "hold one picture per number and component", got)
        pair[axis] = path
    if not pairs:
        must = "hold flow_x_*.jpg and flow_y_*.jpg" if vertical is None else "hold numbered pictures"
        fail(f"'{folder}'", must, "none", CURE)
    for _, pair in sorted(pairs.items()):
        if len(pair) < 2:
            (single,) = pair.values()
            missing = "vertical" if 0 in pair else "horizontal"
            fail(f"'{single}'", f"have its {missing} component beside it", "none", _REPEAT_CURE)
    return pairs


def _iter_images(folder: Path, vertical: Path | None) -> Iterator[tuple[int, int, Path]]:
    """Give the axis, the number and the path of each image."""
    if vertical is None:
        for path in sorted(folder.iterdir()):
            if (name := _NAME.fullmatch(path.name)) is not None:
                yield _AXES[name["axis"].lower()], int(name["number"]), path
        return
    for axis, component in enumerate((folder, vertical)):
        for path in sorted(component.iterdir()):
            if (name := _NUMBERED.fullmatch(path.name)) is not None:
                yield axis, int(name["number"]), path


def _read_grey(path: Path) -> np.ndarray:
    try:
        image = cv2.imdecode(np.frombuffer(path.read_bytes() or b"\0", np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:  # larger than OpenCV takes
        image = None
    if image is None:
        fail(f"'{path}'", "be a picture", "a file that is damaged or none", _REPEAT_CURE)
    return image
