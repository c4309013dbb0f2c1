"""Video that does not wait: a camera, a stream, or a file played as if it were one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from modalities.checks import fail
from modalities.source import Source
from modalities.video import Frame
from modalities.video.decoding import decoded, turned_hw
from modalities.video.frames import ToRgb
from modalities.video.probing import RATE_UNKNOWN

CURE = "give a camera such as /dev/video0, a stream's address, or a video file"


@dataclass(frozen=True)
class LiveClock(Source):
    """The clock of a stream without an end: a constant rate, every entry where its time puts it."""

    @property
    def end(self) -> float:
        return float("inf")

    def locate(self, times: np.ndarray) -> np.ndarray:
        """As :meth:`Source.locate`, without listing the times of all entries."""
        rate = self.fps or RATE_UNKNOWN
        return np.maximum(np.floor((np.asarray(times) - self.offset + 1e-6) * rate), 0).astype(int)


class LiveVideo:
    """Frames at their own pace.

    Args:
        name: a device (``/dev/video0``), an address (``rtsp://…``), or a file, which is then played in real time.
        buffer: frames that may wait; older ones are dropped.

    Attributes:
        fps: frames a second that it promises; its clock.
        size_hw: height and width of a frame.

    Raises:
        InputError: if it cannot be opened or gives no frame.
    """

    def __init__(self, name: str, *, buffer: int = 16) -> None:
        self.name, self.buffer = name, buffer
        container, stream = self._open()
        with container:
            first = next(decoded(container, stream), None)
            if first is None:
                fail("live video", "give frames", f"none from '{name}'", CURE)
            self.size_hw = turned_hw(first)
            self.fps = float(stream.average_rate or stream.guessed_rate or RATE_UNKNOWN)

    def frames(self) -> Iterator[Frame]:
        """What comes, numbered by its own times at the promised rate; a frame too many is left out."""
        container, stream = self._open()
        to_rgb, last = ToRgb(self.size_hw), -1
        with container:
            start: float | None = None
            begin = time.perf_counter()
            for frame in decoded(container, stream):
                now = time.perf_counter() - begin
                own = now if frame.time is None else float(frame.time)
                start = own if start is None else start
                if self._is_file and (early := own - start - now) > 0:
                    time.sleep(early)
                number = round((own - start) * self.fps)
                if number > last:
                    last = number
                    yield Frame(number, frame, to_rgb)

    @property
    def _is_file(self) -> bool:
        return Path(self.name).is_file()

    def _open(self) -> tuple[av.container.InputContainer, av.VideoStream]:
        camera = "v4l2" if self.name.startswith("/dev/") else None
        try:
            container = av.open(self.name, format=camera)
        except (FFmpegError, OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            fail("live video", "be readable", f"'{self.name}' ({said})", CURE)
        if not container.streams.video:
            container.close()
            fail("live video", "have a picture", f"'{self.name}', which has none", CURE)
        return container, container.streams.video[0]
