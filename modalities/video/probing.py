"""Properties of a video file: number and times of its frames, and their size."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.error import FFmpegError

from modalities.checks import InputError
from modalities.video.decoding import decode_video, open_video, upright_hw

DEFAULT_FPS = 25.0
"""Frames per second of a file that does not state them; FFmpeg assumes the same."""


class VideoInfo(NamedTuple):
    """Properties of a video.

    Attributes:
        num_frames: number of frames that decode.
        fps: frames per second; the average where the rate varies.
        height, width: size of the upright frames, pixels.
        times: seconds of each frame from the first one, where the rate varies; ``None`` where it is constant.
    """

    num_frames: int
    fps: float
    height: int
    width: int
    times: tuple[float, ...] | None


def probe(path: str | Path) -> VideoInfo:
    """Return the properties of a video, found by decoding it because containers are often wrong about it.

    Raises:
        InputError: As :func:`iter_frames`.
    """
    times: list[float | None] = []
    size_hw: tuple[int, int] | None = None
    with open_video(path) as (container, stream):
        nominal = nominal_fps(stream)
        tick = float(stream.time_base or 0)
        for frame in decode_video(path, container, stream):
            size_hw = size_hw or upright_hw(frame)
            times.append(frame.time)
    if size_hw is None:  # decode_video has failed already
        raise InputError(f"video '{path}' has no frames")
    fps, varying_times = fit_clock(times, nominal=nominal, tick=tick)
    return VideoInfo(len(times), fps, *size_hw, varying_times)


def nominal_fps(stream: av.VideoStream) -> float:
    """Return the frame rate that a stream states, or ``DEFAULT_FPS``."""
    return float(stream.average_rate or stream.guessed_rate or DEFAULT_FPS)


def count_packets(path: str | Path) -> int:
    """Return the number of pictures in a file without decoding any but the first.

    It is nearly always the number of frames (a damaged packet yields none); where the file is truncated, it is smaller.

    Raises:
        InputError: As :func:`iter_frames`.
    """
    with open_video(path) as (container, stream):
        next(decode_video(path, container, stream))
    count = 0
    with open_video(path) as (container, stream), suppress(FFmpegError):  # the file is truncated
        for packet in container.demux(stream):
            count += packet.size > 0
    return count


def fit_clock(times: Sequence[float | None], *, nominal: float, tick: float) -> tuple[float, tuple[float, ...] | None]:
    """Return frames per second, and the time of every frame where the rate is not constant.

    The rate is constant if every frame lies within a quarter of a frame interval of its place, or within one tick of
    the container's clock: an AVI of 25 frames per second on a clock of 1/30 s has steps of one and two ticks.

    Args:
        times: seconds of each frame; None where a frame has no time.
        nominal: frames per second that the container states.
        tick: seconds of one step of the container's clock.
    """
    seconds = np.array([np.nan if time is None else time for time in times])
    if len(seconds) < 2 or not np.all(np.diff(seconds) > 0):  # also where a time is missing
        return nominal, None
    seconds -= seconds[0]
    measured = (len(seconds) - 1) / seconds[-1]
    for fps in (nominal, float(round(measured)) or nominal, measured):
        if np.abs(seconds - np.arange(len(seconds)) / fps).max() <= max(0.25 / fps, tick) + 1e-6:
            return float(fps), None
    return float(measured), tuple(seconds.tolist())
