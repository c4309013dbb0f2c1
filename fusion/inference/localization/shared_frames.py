"""Reader of frames that several windows of one video share."""

from __future__ import annotations

import numpy as np

from triad.modalities.clips import RgbClip, Source
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import read_frames


class SharedFramesReader(RgbReader):
    """Reader that decodes the frames of several windows at once, when the first of them is read.

    A window alone is decoded from the key frame before it on: windows that overlap would decode each frame many times.

    Args:
        reader: reader whose frames are shared.
    """

    def __init__(self, reader: RgbReader) -> None:
        super().__init__(frame_size=reader.frame_size, crop_mode=reader.crop_mode)
        self._numbers = np.zeros(0, int)
        self._frames: dict[int, np.ndarray] = {}

    def plan(self, numbers: np.ndarray) -> None:
        """Set the numbers of the frames that the next windows show, all of one video; earlier frames are forgotten."""
        self._numbers = np.unique(numbers)
        self._frames = {}

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> RgbClip:
        """Return the frames on display at ``times``, which must be planned, see :meth:`RgbReader.read`."""
        if not self._frames:
            frames = read_frames(source.path, self._numbers, fps=source.fps, transform=self.fit)
            self._frames = dict(zip(self._numbers.tolist(), frames, strict=True))
        data = np.stack([self._frames[number] for number in source.locate(times).tolist()])
        return RgbClip(data, times, valid & (times < source.end))
