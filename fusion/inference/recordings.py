"""Recordings that are predicted: a video, and frames in memory. ``skeleton_clock`` has those without pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.video import Frame, VideoFile

ARRAY = Path("<frames>")
"""Name of frames in memory in results and errors."""


class Recording(Protocol):
    """Frames in the order of time, with a clock.

    ``clock`` says the times of the frames, ``fps`` their rate (the average where it varies), and ``notes`` are remarks
    for the user.
    """

    clock: Source
    fps: float
    notes: Sequence[str]

    def __iter__(self) -> Iterator[Any]: ...


class VideoRecording:
    """Video file, or folder of numbered pictures.

    Args:
        path: path of the file or folder.
        fps: pictures per second of a folder; None for the default.

    Raises:
        InputError: If it does not decode.
    """

    def __init__(self, path: str | Path, *, fps: float | None = None) -> None:
        self._video = VideoFile(path, fps=fps)
        info = self._video.info
        constant_fps = info.fps if info.times is None else None
        size_hw = (info.height, info.width)
        self.clock = Source(self._video.path, info.num_frames, fps=constant_fps, times=info.times, size_hw=size_hw)
        self.fps = info.fps
        still = ["the video is a still: it has one frame, and an action takes time"] if info.num_frames == 1 else []
        self.notes: Sequence[str] = [*(f"video: {note}" for note in info.notes), *still]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._video)


class FrameArray:
    """Frames in memory.

    Args:
        frames: RGB frames, uint8 ``[T, H, W, 3]``.
        fps: frames per second.

    Raises:
        InputError: If they are no such array, or there is none.
    """

    notes: Sequence[str] = ()

    def __init__(self, frames: np.ndarray, *, fps: float) -> None:
        if frames.ndim != 4 or not len(frames):
            fail("frames", "be an array [T, H, W, 3] with at least one frame", f"shape {list(frames.shape)}")
        if not (np.isfinite(fps) and fps > 0):
            fail("fps of frames", "be a positive number", fps)
        self.frames = frames
        self.fps = fps
        self.clock = Source(ARRAY, len(frames), fps=fps, size_hw=check_frame(frames[0]))

    def __iter__(self) -> Iterator[Frame]:
        for number, frame in enumerate(self.frames):
            yield array_frame(number, frame)


def check_frame(frame: np.ndarray) -> tuple[int, int]:
    """Return the height and width of an RGB frame in memory.

    Raises:
        InputError: If it is not uint8 ``[H, W, 3]``.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
        got = f"{frame.dtype} {list(frame.shape)}" if isinstance(frame, np.ndarray) else type(frame).__name__
        cure = "OpenCV's frames are BGR: give frame[..., ::-1]; floats in 0–1: (255 * frame).astype('uint8')"
        fail("frame", "be an RGB picture, uint8 [H, W, 3]", got, cure)
    height, width = frame.shape[:2]
    if not height or not width:
        fail("frame", "have pixels", f"shape {list(frame.shape)}")
    return height, width


def array_frame(number: int, frame: np.ndarray) -> Frame:
    """Return a frame in memory as one of a video."""
    return Frame(number, frame, lambda picture: picture)
