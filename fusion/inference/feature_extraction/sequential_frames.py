"""Reader of the frames of windows that follow one another: each frame is decoded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import RgbClip, Source
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import iter_frames


class SequentialFramesReader(RgbReader):
    """Reader that decodes a video from its start on and keeps the frames that windows may still show.

    Args:
        reader: reader whose frames are read so.
    """

    def __init__(self, reader: RgbReader) -> None:
        super().__init__(frame_size=reader.frame_size, crop_mode=reader.crop_mode)
        self._path: Path | None = None
        self._coming: Iterator[np.ndarray] = iter(())
        self._num_decoded = 0
        self._first = 0
        self._frames: dict[int, np.ndarray] = {}

    def begin(self, path: Path, first: int) -> None:
        """Forget the frames before ``first``, which no later window shows; another video is begun from its start."""
        if path != self._path:
            self._path = path
            self._coming = iter_frames(path)
            self._num_decoded = 0
            self._frames = {}
        self._first = first
        for number in [number for number in self._frames if number < first]:
            del self._frames[number]

    def read(self, source: Source, times: np.ndarray, valid: np.ndarray) -> RgbClip:
        """Return the frames on display at ``times``, see :meth:`RgbReader.read`.

        Raises:
            InputError: If the file is missing, damaged, or shorter than the index says.
        """
        numbers = source.locate(times)
        while self._num_decoded <= numbers.max():
            frame = next(self._coming, None)
            if frame is None:
                cure = "the file is shorter than its index: prepare again"
                fail(f"frame of '{source.path}'", f"be below {self._num_decoded}", int(numbers.max()), cure)
            if self._num_decoded >= self._first:  # with strides longer than windows, some are in none
                self._frames[self._num_decoded] = self.fit(frame)
            self._num_decoded += 1
        data = np.stack([self._frames[number] for number in numbers.tolist()])
        return RgbClip(data, times, valid & (times < source.end))
