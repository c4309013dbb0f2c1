"""A video read once from its start, in constant memory; a frame becomes a picture only if somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from modalities.video.decoding import decode, open_video, turned_hw
from modalities.video.frames import ToRgb
from modalities.video.probing import RATE_UNKNOWN, VideoInfo, clock_of


class Frame:
    """A frame that is decoded and not yet converted.

    Args:
        number: which entry of the video's clock it is.
        decoded: PyAV's frame.
        to_rgb: converts it; shared by all frames of a video.
    """

    def __init__(self, number: int, decoded: av.VideoFrame, to_rgb: ToRgb) -> None:
        self.number = number
        self._decoded, self._to_rgb = decoded, to_rgb

    @cached_property
    def rgb(self) -> np.ndarray:
        """Uint8 ``[H, W, 3]``, upright, of the size of the video's first frame."""
        return self._to_rgb(self._decoded)


class VideoFile:
    """A video file whose clock is known before it is decoded, from the times of its packets.

    Iterating decodes it and gives its frames with their numbers. A damaged picture has a number and no frame.

    Args:
        path: of the file.

    Attributes:
        info: as :func:`modalities.video.probe` finds it by decoding, where every picture decodes.

    Raises:
        InputError: as :func:`modalities.video.iter_frames`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with open_video(path) as (container, stream):
            size_hw = turned_hw(next(decode(path, container, stream)))
        stamps: list[int | None] = []
        with open_video(path) as (container, stream), suppress(FFmpegError):  # the file breaks off
            said, tick = stream.average_rate or stream.guessed_rate, float(stream.time_base or 0)
            for packet in container.demux(stream):
                if packet.size and not packet.is_discard:
                    stamps.append(packet.pts)
        known = sorted(stamp for stamp in stamps if stamp is not None)  # a picture may come before an earlier one
        times = [stamp * tick for stamp in known] if len(known) == len(stamps) else [None] * len(stamps)
        fps, own = clock_of(times, said=float(said) if said else RATE_UNKNOWN, tick=tick)
        self.info = VideoInfo(len(stamps), fps, *size_hw, own)
        self._places = {stamp: place for place, stamp in enumerate(known)}

    def __iter__(self) -> Iterator[Frame]:
        to_rgb, number = ToRgb((self.info.height, self.info.width)), -1
        with open_video(self.path) as (container, stream):
            for frame in decode(self.path, container, stream):
                place = self._places.get(frame.pts, -1) if frame.pts is not None else -1
                number = place if place > number else number + 1
                yield Frame(number, frame, to_rgb)
