"""Reader of video frames at given times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar

import numpy as np

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import check_choice
from triad.modalities.clips import RgbClip, Source
from triad.modalities.letterbox import CROP_MODES, letterbox
from triad.modalities.registry import TRANSFORMS
from triad.modalities.video import read_frames
from triad.modalities.view_crop import ViewCrop


@TRANSFORMS.register_module()
class RgbReader:
    """Reader of the frames on display, scaled to the frame size, centred, and padded with black or cut.

    Args:
        frame_size: height and width of the clip, pixels.
        crop_mode: ``border`` to pad a picture of another aspect ratio than the frame's, ``center`` to cut it.

    Raises:
        InputError: for an unknown crop mode.
    """

    modality: ClassVar[str] = "rgb"

    def __init__(self, *, frame_size: Sequence[int], crop_mode: str = "border") -> None:
        self.frame_size = (frame_size[0], frame_size[1])
        self.crop_mode = check_choice("RgbReader.crop_mode", crop_mode, CROP_MODES)
        self.crop: ViewCrop | None = None

    def cropped(self, view: SpatialAugmentation, size: tuple[int, int]) -> RgbReader:
        """Return a reader of what a view shows, at the size of the network's input."""
        reader = copy(self)
        reader.crop = ViewCrop(view, size, self.frame_size, self.crop_mode)
        return reader

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> RgbClip:
        """Return the frames on display at ``times``; times after the last frame's interval are marked invalid.

        Shapes: ``times`` seconds ``[T]``, ``valid`` bool ``[T]``.

        Raises:
            InputError: If the file is missing, damaged, or shorter than the index says.
        """
        data = read_frames(source.path, source.locate(times), fps=source.fps, transform=self.fit)
        return RgbClip(data, times, valid & (times < source.end), self.crop is not None)

    def fit(self, frame: np.ndarray) -> np.ndarray:
        """Return a frame on the canvas of the frame size, or its crop. Shapes: uint8 ``[h, w, 3]`` -> ``[H, W, 3]``."""
        return letterbox(frame, self.frame_size, self.crop_mode) if self.crop is None else self.crop(frame)

    def blank(self, times: np.ndarray) -> RgbClip:
        """Return a black clip, for a record without video."""
        size = self.frame_size if self.crop is None else self.crop.size
        data = np.zeros((len(times), *size, 3), np.uint8)
        return RgbClip(data, times, np.zeros(len(times), bool), self.crop is not None)

    def check_stored(self, subject: str, info: Mapping[str, Any]) -> None:
        """Accept any stored stream: videos are of one kind."""
