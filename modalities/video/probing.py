"""What a video holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from av.error import FFmpegError

from modalities.checks import InputError
from modalities.video.decoding import decode, open_video, turned_hw

RATE_UNKNOWN = 25.0  # frames per second where a file says nothing at all; FFmpeg assumes the same


class VideoInfo(NamedTuple):
    """What a video holds.

    Attributes:
        num_frames: frames that decode.
        fps: frames per second; the average where the rate varies.
        height, width: of the picture as shown, in pixels.
        times: seconds from the first frame, one a frame, where the rate varies; ``None`` where it is constant.
    """

    num_frames: int
    fps: float
    height: int
    width: int
    times: tuple[float, ...] | None


def probe(path: str | Path) -> VideoInfo:
    """What a video holds, found by decoding it, because containers lie about it.

    Raises:
        InputError: as :func:`iter_frames`.
    """
    times: list[float | None] = []
    size_hw: tuple[int, int] | None = None
    with open_video(path) as (container, stream):
        said = stream.average_rate or stream.guessed_rate
        tick = float(stream.time_base or 0)
        for frame in decode(path, container, stream):
            size_hw = size_hw or turned_hw(frame)
            times.append(frame.time)
    if size_hw is None:  # decode has failed already
        raise InputError(f"video '{path}' has no frames")
    fps, own = clock_of(times, said=float(said) if said else RATE_UNKNOWN, tick=tick)
    return VideoInfo(len(times), fps, *size_hw, own)


def count_packets(path: str | Path) -> int:
    """Pictures that the file holds, found without decoding any but the first.

    Nearly always the number of frames (a damaged packet yields none); fewer where the file is cut off.

    Raises:
        InputError: as :func:`iter_frames`.
    """
    with open_video(path) as (container, stream):
        next(decode(path, container, stream))
    count = 0
    with open_video(path) as (container, stream), suppress(FFmpegError):  # the file breaks off
        for packet in container.demux(stream):
            count += packet.size > 0
    return count


def clock_of(times: Sequence[float | None], *, said: float, tick: float) -> tuple[float, tuple[float, ...] | None]:
    """Frames per second, and the time of every frame where one number does not tell it.

    The rate is constant while every frame lies within a quarter of a frame interval of its place, or within one tick
    of the container's clock: an AVI of 25 frames per second on a clock of 1/30 s has steps of one and two ticks.
    """
    known = np.array([np.nan if time is None else time for time in times])
    if len(known) < 2 or not np.all(np.diff(known) > 0):  # also where a time is missing
        return said, None
    known -= known[0]
    measured = (len(known) - 1) / known[-1]
    for fps in (said, float(round(measured)) or said, measured):
        if np.abs(known - np.arange(len(known)) / fps).max() <= max(0.25 / fps, tick) + 1e-6:
            return float(fps), None
    return float(measured), tuple(known.tolist())
