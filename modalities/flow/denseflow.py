"""Flow as pairs of grey pictures, a folder a video, as denseflow and its relatives write it.

``flow_x_00001.jpg``, ``flow_y_00001.jpg``, …, or ``x_…``/``y_…``, or ``u_…``/``v_…``, counted from any number; colour
frames (``img_00001.jpg``) lie beside them or not. A component within ``±bound`` pixels is one of 256 steps; beyond, it
is the last of them. JPEG has then blurred it: the error is far larger than ours, and what is lost is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from modalities.checks import fail

BOUND = 20.0
"""Pixels; what denseflow takes unless told otherwise."""
CURE = "give the folder that holds a folder of flow_x_*.jpg and flow_y_*.jpg a video"
_NAME = re.compile(r"(?:flow_)?(?P<axis>[xyuv])_(?P<number>\d+)\.(?:jpe?g|png)", re.IGNORECASE)
_AXES = {"x": 0, "u": 0, "y": 1, "v": 1}


class Field(NamedTuple):
    """One field, and how many of its components lie at the end of the scale: they were as large, or larger.

    Shapes: ``flow`` float32 ``[H, W, 2]``, pixels.
    """

    flow: np.ndarray
    clipped: int


class DenseflowPairs:
    """The flow of one video, pair by pair.

    Args:
        folder: of the pictures.
        bound: pixels of the last step.

    Attributes:
        num: pairs there are.

    Raises:
        InputError: if there is none, a picture lacks its other component, or numbers are left out.
    """

    def __init__(self, folder: Path, *, bound: float = BOUND) -> None:
        self.folder, self.bound = folder, bound
        found: dict[int, dict[int, Path]] = {}
        for path in sorted(folder.iterdir()):
            if (name := _NAME.fullmatch(path.name)) is not None:
                pair = found.setdefault(int(name["number"]), {})
                axis = _AXES[name["axis"].lower()]
                if axis in pair:
                    fail(f"'{folder}'", "hold one picture a component", f"'{pair[axis].name}' and '{path.name}'")
                pair[axis] = path
        if not found:
            fail(f"'{folder}'", "hold flow_x_*.jpg and flow_y_*.jpg", "none", CURE)
        for _, pair in sorted(found.items()):
            if len(pair) < 2:
                (lone,) = pair.values()
                missing = "vertical" if 0 in pair else "horizontal"
                fail(f"'{lone}'", f"have its {missing} component beside it", "none", "make this video's flow again")
        first, self.num = min(found), len(found)
        if max(found) - first + 1 != self.num:
            lost = next(number for number in range(first, max(found)) if number not in found)
            fail(f"'{folder}'", "be numbered without a gap", f"no number {lost}", "make this video's flow again")
        self._pairs = [found[first + place] for place in range(self.num)]

    def read(self, place: int) -> Field:
        """Pair ``place``, from 0.

        Raises:
            InputError: if a picture is damaged or has another size than the one beside it.
        """
        codes = [_grey(self._pairs[place][axis]) for axis in (0, 1)]
        if codes[0].shape != codes[1].shape:
            (height, width), size = codes[0].shape, "{} × {}".format(*codes[1].shape)
            fail(f"'{self._pairs[place][1]}'", f"be {height} × {width} as '{self._pairs[place][0].name}'", size)
        planes = np.stack(codes, axis=-1)
        flow = (planes.astype(np.float32) / np.float32(127.5) - 1) * np.float32(self.bound)
        return Field(flow, int(((planes == 0) | (planes == 255)).sum()))


def _grey(path: Path) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(path.read_bytes() or b"\0", np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        fail(f"'{path}'", "be a picture", "a file that is damaged or none", "make this video's flow again")
    return picture


def find_folders(folder: Path, videos: Mapping[str, Path]) -> dict[str, Path]:
    """The folder of each video's pictures, where there is one: ``{id: folder}``.

    It is named by the video's id, by the video's folder and name (``class/clip``), or by the video's name alone, where
    no other video has it.

    Args:
        folder: holds them.
        videos: file of each video by id.

    Raises:
        InputError: if ``folder`` is none, or no video has one in it.
    """
    if not folder.is_dir():
        fail("folder of flow to import", "be there", f"'{folder}'", CURE)
    stems = Counter(video.stem for video in videos.values())
    found = {}
    for name, video in videos.items():
        places = [folder / name, folder / video.parent.name / video.stem]
        places += [folder / video.stem] if stems[video.stem] == 1 else []
        place = next((each for each in places if each.is_dir()), None)
        if place is not None:
            found[name] = place
    if not found:
        fail(f"'{folder}'", f"hold a folder a video, as '{next(iter(videos.values())).stem}'", "none that fits", CURE)
    return found
