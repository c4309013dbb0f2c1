"""Live video: a camera, a network stream, or a file that is played in real time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from triad.modalities.checks import InputError, fail
from triad.modalities.clips import Source
from triad.modalities.video import (
    DEFAULT_FPS,
    Frame,
    RgbConverter,
    decode_frames,
    find_stream,
    nominal_fps,
    open_input,
    upright_hw,
)

CURE = "give the number of a camera, the address of a stream, or a video file"
CAMERAS = {"linux": ("v4l2", "/dev/video{}"), "darwin": ("avfoundation", "{}")}
"""Format and name by which FFmpeg opens a camera, by platform."""


@dataclass(frozen=True)
class LiveClock(Source):
    """Clock of a video without a known end: entries follow each other at a constant rate."""

    @property
    def end(self) -> float:
        return float("inf")

    def locate(self, times: np.ndarray) -> np.ndarray:
        """Return the index of the entry on display at each time, int ``[T]``, without listing all entries."""
        rate = self.fps or DEFAULT_FPS
        return np.maximum(np.floor((np.asarray(times) - self.offset + 1e-6) * rate), 0).astype(int)


class LiveVideo:
    """Frames as they arrive.

    Args:
        name: number of a camera, device (``/dev/video0``), address (``rtsp://…``), or path of a file, which is played
            in real time.
        max_waiting: number of frames that may wait to be processed; older ones are dropped.

    Attributes:
        fps: nominal frames per second, which the clock keeps to.
        size_hw: height and width of a frame, pixels.

    Raises:
        InputError: If the video cannot be opened or gives no frame.
    """

    def __init__(self, name: str | int, *, max_waiting: int = 16) -> None:
        self.name = str(name)
        self.max_waiting = max_waiting
        container, stream = self._open()
        with container:
            first = next(decode_frames(container, stream), None)
            if first is None:
                fail("live video", "give frames", f"none from '{name}'", CURE)
            self.size_hw = upright_hw(first)
            self.fps = nominal_fps(stream)

    def frames(self) -> Iterator[Frame]:
        """Yield frames numbered by their times at the nominal rate; a second frame of one number is left out."""
        container, stream = self._open()
        to_rgb = RgbConverter(self.size_hw, name=self.name)
        last_number = -1
        with container:
            first_timestamp: float | None = None
            start = time.perf_counter()
            for frame in decode_frames(container, stream):
                elapsed = time.perf_counter() - start
                timestamp = elapsed if frame.time is None else float(frame.time)
                first_timestamp = timestamp if first_timestamp is None else first_timestamp
                if self._is_file and (early := timestamp - first_timestamp - elapsed) > 0:
                    time.sleep(early)
                number = round((timestamp - first_timestamp) * self.fps)
                if number > last_number:
                    last_number = number
                    yield Frame(number, frame, to_rgb)

    @property
    def _is_file(self) -> bool:
        return Path(self.name).is_file()

    def _open(self) -> tuple[av.container.InputContainer, av.VideoStream]:
        address = self.name
        camera = "v4l2" if address.startswith("/dev/") else None
        if address.isdecimal() and not Path(address).exists():
            if sys.platform not in CAMERAS:
                fail("camera", f"be opened by its number on {' or '.join(CAMERAS)}", sys.platform, CURE)
            camera, pattern = CAMERAS[sys.platform]
            address = pattern.format(address)
        try:
            container = open_input(address, format=camera)
        except (FFmpegError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            fail("live video", "be readable", f"'{self.name}' ({reason})", CURE)
        try:
            return container, find_stream(container, self.name)
        except InputError:
            container.close()
            raise
