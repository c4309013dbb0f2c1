"""Streaming of a video file from its start, in constant memory; frames are converted to RGB only on demand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from modalities.video.decoding import decode_video, open_video, upright_hw
from modalities.video.frames import RgbConverter
from modalities.video.probing import VideoInfo, fit_clock, nominal_fps


class Frame:
    """Decoded frame that is not yet converted to RGB.

    Args:
        number: index of the frame in the video.
        decoded: frame of PyAV.
        to_rgb: converter, shared by all frames of a video.
    """

    def __init__(self, number: int, decoded: av.VideoFrame, to_rgb: RgbConverter) -> None:
        self.number = number
        self._decoded = decoded
        self._to_rgb = to_rgb

    @cached_property
    def rgb(self) -> np.ndarray:
        """Uint8 ``[H, W, 3]``, upright, of the size of the video's first frame."""
        return self._to_rgb(self._decoded)


class VideoFile:
    """Video file whose clock is known before decoding, from the times of its packets.

    Iterating decodes the file and gives its frames with their indices. A damaged picture has an index but no frame.

    Args:
        path: path of the file.

    Attributes:
        info: properties of the video; equal to those of :func:`modalities.video.probe` where every picture decodes.

    Raises:
        InputError: As :func:`modalities.video.iter_frames`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with open_video(path) as (container, stream):
            size_hw = upright_hw(next(decode_video(path, container, stream)))
        timestamps: list[int | None] = []
        with open_video(path) as (container, stream), suppress(FFmpegError):  # the file is truncated
            nominal = nominal_fps(stream)
            tick = float(stream.time_base or 0)
            for packet in container.demux(stream):
                if packet.size and not packet.is_discard:
                    timestamps.append(packet.pts)
        # a packet may come before one that is displayed earlier
        display_order = sorted(timestamp for timestamp in timestamps if timestamp is not None)
        all_known = len(display_order) == len(timestamps)
        times = [timestamp * tick for timestamp in display_order] if all_known else [None] * len(timestamps)
        fps, varying_times = fit_clock(times, nominal=nominal, tick=tick)
        self.info = VideoInfo(len(timestamps), fps, *size_hw, varying_times)
        self._index_by_timestamp = {timestamp: index for index, timestamp in enumerate(display_order)}

    def __iter__(self) -> Iterator[Frame]:
        to_rgb = RgbConverter((self.info.height, self.info.width))
        number = -1
        with open_video(self.path) as (container, stream):
            for frame in decode_video(self.path, container, stream):
                index = self._index_by_timestamp.get(frame.pts, -1) if frame.pts is not None else -1
                number = index if index > number else number + 1
                yield Frame(number, frame, to_rgb)
