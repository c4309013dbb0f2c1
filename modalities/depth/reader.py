"""Reader of stored depth at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cv2
import numpy as np

from triad.modalities.checks import check_choice, fail
from triad.modalities.clips import Source
from triad.modalities.depth.clip import DepthClip
from triad.modalities.depth.files import list_pictures, read_depth
from triad.modalities.letterbox import CROP_MODES, letterbox
from triad.modalities.registry import TRANSFORMS

MILLIMETRE = 0.001


@TRANSFORMS.register_module()
class DepthReader:
    """Reader of the depth on display, scaled to the frame size, centred, and padded with missing depth or cut.

    Pictures are resized to the nearest pixel: a mean of foreground, background and missing depth would lie where
    nothing is.

    Args:
        frame_size: height and width of the clip, pixels.
        unit: metres of one stored step.
        crop_mode: ``border`` to pad a picture of another aspect ratio than the frame's, ``center`` to cut it.

    Raises:
        InputError: If the unit is not positive, or for an unknown crop mode.
    """

    modality: ClassVar[str] = "depth"

    def __init__(self, *, frame_size: Sequence[int], unit: float = MILLIMETRE, crop_mode: str = "border") -> None:
        if not unit > 0:
            fail("DepthReader.unit", "be a positive number of metres", unit)
        self.frame_size = (frame_size[0], frame_size[1])
        self.unit = unit
        self.crop_mode = check_choice("DepthReader.crop_mode", crop_mode, CROP_MODES)

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> DepthClip:
        """Return the depth on display at ``times``; times after the last picture are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing, damaged, not of 16 bits, or shorter than the index says.
        """
        if source.path.is_dir() and (num := len(list_pictures(source.path))) != source.num:
            fail(f"depth '{source.path}'", f"hold {source.num} pictures", num, "prepare the dataset again")
        data = read_depth(source.path, source.locate(times), fps=source.fps, transform=self.fit)
        return DepthClip(data, times, valid & (times < source.end))

    def fit(self, picture: np.ndarray) -> np.ndarray:
        """Return a stored picture in metres, on the canvas of the frame size.

        Shapes: uint16 ``[h, w]`` -> float32 ``[H, W, 1]``.
        """
        placed = letterbox(picture, self.frame_size, self.crop_mode, resize=resize_nearest)
        return (placed * np.float32(self.unit))[..., None]

    def blank(self, times: np.ndarray) -> DepthClip:
        """Return a clip without any measured depth, for a record that lacks the stream."""
        data = np.zeros((len(times), *self.frame_size, 1), np.float32)
        return DepthClip(data, times, np.zeros(len(times), bool))

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Refuse a stream that is stored in another unit, see :class:`triad.modalities.clips.reader.Reader`.

        Raises:
            InputError: naming both units and the cure.
        """
        unit = info.get("unit", self.unit)
        if unit != self.unit:
            cure = f"set the reader's unit={unit:g}"
            fail(f"unit of {subject}", f"be {self.unit:g} m as the reader's", f"{unit:g} m", cure)


def resize_nearest(picture: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """Resize a picture to its nearest pixels. Shapes: ``[h, w]`` -> ``[*size_hw]``."""
    return cv2.resize(picture, size_hw[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
