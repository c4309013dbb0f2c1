"""Properties of a video: number and times of its frames, and their size."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import av
from av.error import FFmpegError

from triad.modalities.checks import InputError, fail
from triad.modalities.video.clock import DEFAULT_FPS, fit_clock
from triad.modalities.video.clock_repair import MAX_GAP, MAX_STREAM_GAP, Spans
from triad.modalities.video.decoding import check_color, decode_video, open_video
from triad.modalities.video.orientation import upright_hw
from triad.modalities.video.picture_folder import DEFAULT_PICTURE_FPS, check_pictures, open_pictures, read_rgb

MAX_FPS = 1000.0
"""Frames per second above which a statement is a clock's tick, as the 90,000 of a still."""
_CLOCK_MAY_BE_SET_ANEW = 0x0200  # FFmpeg's AVFMT_TS_DISCONT
_MAX_NAMED = 5


class VideoInfo(NamedTuple):
    """Properties of a video.

    Attributes:
        num_frames: number of frames that decode.
        fps: frames per second; the average where the rate varies.
        height, width: size of the upright frames, pixels.
        times: seconds of each frame from the first one, where the rate varies; ``None`` where it is constant.
        repaired: spans of seconds in which the file's timestamps were wrong or missing.
        notes: remarks for the user, one line each, without the name of the video.
    """

    num_frames: int
    fps: float
    height: int
    width: int
    times: tuple[float, ...] | None
    repaired: Spans = ()
    notes: tuple[str, ...] = ()


def probe(
    path: str | Path,
    *,
    fps: float | None = None,
    check: Callable[[av.VideoFrame, object], None] = check_color,
) -> VideoInfo:
    """Return the properties of a video, found by decoding it because containers are often wrong about it.

    Args:
        path: path of a file, or of a folder of numbered pictures.
        fps: pictures per second of a folder; by default ``DEFAULT_PICTURE_FPS``, which a note says.
        check: function that refuses frames of another kind, given the first one and the path.

    Raises:
        InputError: As :func:`iter_frames`.
    """
    if Path(path).is_dir():
        return _probe_folder(Path(path), fps)
    times: list[float | None] = []
    decoding_times: list[float | None] = []
    size_hw: tuple[int, int] | None = None
    with open_video(path) as (container, stream):
        nominal = nominal_fps(stream)
        tick = float(stream.time_base or 0)
        max_gap = MAX_STREAM_GAP if container.format.flags & _CLOCK_MAY_BE_SET_ANEW else MAX_GAP
        for frame in decode_video(path, container, stream):
            if size_hw is None:
                check(frame, path)
                size_hw = upright_hw(frame)
            times.append(frame.time)
            decoding_times.append(None if frame.dts is None else frame.dts * tick)
    if size_hw is None:  # decode_video has failed already
        raise InputError(f"video '{path}' has no frames")
    clock = fit_clock(times, nominal=nominal, tick=tick, decoding_times=decoding_times, max_gap=max_gap)
    notes = (repair_note(clock.repaired),) if clock.repaired else ()
    return VideoInfo(len(times), clock.fps, *size_hw, clock.times, clock.repaired, notes)


def repair_note(spans: Spans) -> str:
    """Return the sentence about a repaired clock."""
    texts = [f"{start:.2f}–{end:.2f} s" for start, end in spans[:_MAX_NAMED]]
    more = f" and {len(spans) - _MAX_NAMED} more" if len(spans) > _MAX_NAMED else ""
    return f"timestamps were wrong or missing and are repaired at {', '.join(texts)}{more}"


def _probe_folder(folder: Path, fps: float | None) -> VideoInfo:
    if fps is not None and not 0 < fps <= MAX_FPS:
        fail(f"pictures per second of '{folder}'", f"be above 0, to {MAX_FPS:g}", fps)
    pictures = open_pictures(folder)
    size_hw = check_pictures(pictures)
    notes = [] if fps is not None else [f"{DEFAULT_PICTURE_FPS:g} pictures per second are assumed"]
    fps = fps or DEFAULT_PICTURE_FPS
    num = len(pictures.paths)
    if missing := pictures.missing:
        more = f" and {len(missing) - _MAX_NAMED} more" if len(missing) > _MAX_NAMED else ""
        numbers = f"{', '.join(missing[:_MAX_NAMED])}{more}"
        notes.append(f"pictures {numbers} are missing: the one before stays on display")
    if pictures.positions is None:
        return VideoInfo(num, fps, *size_hw, None, (), tuple(notes))
    times = tuple(position / fps for position in pictures.positions)
    return VideoInfo(num, (num - 1) / times[-1], *size_hw, times, (), tuple(notes))


def nominal_fps(stream: av.VideoStream) -> float:
    """Return the frame rate that a stream states, or ``DEFAULT_FPS``."""
    stated = float(stream.average_rate or stream.guessed_rate or DEFAULT_FPS)
    return stated if 0 < stated <= MAX_FPS else DEFAULT_FPS


def count_packets(path: str | Path) -> int:
    """Return the number of pictures in a file or folder without decoding any but the first.

    It is nearly always the number of frames (a damaged packet yields none); where the file is truncated, it is smaller.

    Raises:
        InputError: As :func:`iter_frames`.
    """
    if Path(path).is_dir():
        pictures = open_pictures(Path(path))
        read_rgb(pictures.paths[0])
        return len(pictures.paths)
    with open_video(path) as (container, stream):
        next(decode_video(path, container, stream))
    count = 0
    with open_video(path) as (container, stream), suppress(FFmpegError, OSError, ValueError):  # the file is truncated
        for packet in container.demux(stream):
            count += packet.size > 0 and not packet.is_discard
    return count
