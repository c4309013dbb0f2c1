"""Streaming of a video from its start, in constant memory; frames are converted to RGB only on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.video.decoding import decode_video, open_video
from triad.modalities.video.frames import RgbConverter
from triad.modalities.video.picture_folder import open_pictures, read_rgb
from triad.modalities.video.probing import probe


class Frame:
    """Decoded frame that is not yet converted to RGB.

    Args:
        number: index of the frame in the video.
        decoded: frame of PyAV, or path of a picture.
        to_rgb: converter, shared by all frames of a video.
    """

    def __init__(self, number: int, decoded: Any, to_rgb: Callable[[Any], np.ndarray]) -> None:
        self.number = number
        self._decoded = decoded
        self._to_rgb = to_rgb

    @cached_property
    def rgb(self) -> np.ndarray:
        """Uint8 ``[H, W, 3]``, upright, of the size of the video's first frame."""
        return self._to_rgb(self._decoded)


class VideoFile:
    """Video whose frames are streamed after their clock is known, see :func:`triad.modalities.video.probe`.

    Iterating decodes the file again, and gives its frames with the indices that they have in a dataset.

    Args:
        path: path of a file, or of a folder of numbered pictures.
        fps: pictures per second of a folder; None for the default.

    Attributes:
        info: properties of the video.

    Raises:
        InputError: As :func:`triad.modalities.video.iter_frames`.
    """

    def __init__(self, path: str | Path, *, fps: float | None = None) -> None:
        self.path = Path(path)
        self.info = probe(path, fps=fps)

    def __iter__(self) -> Iterator[Frame]:
        if self.path.is_dir():
            for number, picture in enumerate(open_pictures(self.path).paths):
                yield Frame(number, picture, read_rgb)
            return
        to_rgb = RgbConverter((self.info.height, self.info.width), name=self.path)
        with open_video(self.path) as (container, stream):
            for number, frame in enumerate(decode_video(self.path, container, stream)):
                yield Frame(number, frame, to_rgb)
