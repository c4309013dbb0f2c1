"""Frames by index, upright."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from modalities.checks import fail
from modalities.letterbox import resize
from modalities.video.decoding import decode, decoded, open_video

JUMP_FROM = 128  # frames; decoding so many takes about as long as a jump and its group of pictures


class ToRgb:
    """From decoded frames to uint8 ``[H, W, 3]``, turned upright, all of one size.

    Args:
        size_hw: that size; without it, the first frame's.
    """

    def __init__(self, size_hw: tuple[int, int] | None = None) -> None:
        self.size_hw = size_hw
        self.reformatter = VideoReformatter()  # keeps swscale's tables from frame to frame

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        decoded = self.reformatter.reformat(frame, format="rgb24").to_ndarray()
        picture = np.ascontiguousarray(np.rot90(decoded, frame.rotation // 90))
        self.size_hw = self.size_hw or (picture.shape[0], picture.shape[1])
        return resize(picture, self.size_hw)


def iter_frames(path: str | Path) -> Iterator[np.ndarray]:
    """Every frame in turn, in constant memory.

    Shapes: yields uint8 ``[H, W, 3]``, RGB.

    Raises:
        InputError: if the file is missing, empty, no video, or no frame of it decodes.
    """
    to_rgb = ToRgb()
    with open_video(path) as (container, stream):
        for frame in decode(path, container, stream):
            yield to_rgb(frame)


def read_frames(
    path: str | Path,
    indices: Sequence[int] | np.ndarray,
    *,
    fps: float | None = None,
    transform: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Frames by index, in any order and as often as wanted; the file is decoded once, up to the last of them.

    Args:
        path: of the video.
        indices: numbers of frames, from 0.
        fps: the rate, where :func:`probe` found it constant: a far frame is then reached by jumping to the key frame
            before it. Without it every frame before the last wanted one is decoded.
        transform: function applied to each frame as it is decoded, e.g. to scale it before all are in memory.

    Shapes: indices ``[T]`` -> uint8 ``[T, H, W, 3]``, RGB.

    Raises:
        InputError: as :func:`iter_frames`, or if an index is not in the file.
    """
    wanted = np.asarray(indices, int)
    if wanted.ndim != 1 or not len(wanted) or wanted.min() < 0:
        fail(f"frame indices for '{path}'", "be one or more numbers from 0", wanted.tolist())
    places: dict[int, list[int]] = {}
    for place, index in enumerate(wanted.tolist()):
        places.setdefault(index, []).append(place)
    first, last = min(places), max(places)
    to_rgb, out, number = ToRgb(), None, -1
    for number, frame in _numbered(path, first, fps):
        if number in places:
            picture = to_rgb(frame)
            picture = picture if transform is None else transform(picture)
            if out is None:
                out = np.empty((len(wanted), *picture.shape), picture.dtype)
            out[places[number]] = picture
        if number >= last:
            break
    if number < last or out is None:
        fail(f"frame of '{path}'", f"be below {number + 1}", last, "the file is shorter than its index: prepare again")
    return out


def _numbered(path: str | Path, wanted: int, fps: float | None) -> Iterator[tuple[int, av.VideoFrame]]:
    """Frames with their numbers, from ``wanted`` or some frame before it on."""
    if fps is not None and wanted >= JUMP_FROM:
        with open_video(path) as (container, stream):
            jumped = _jump(wanted, fps, container, stream)
            if jumped is not None:
                yield from jumped
                return
    with open_video(path) as (container, stream):
        yield from enumerate(decode(path, container, stream))


def _jump(
    wanted: int, fps: float, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[int, av.VideoFrame]] | None:
    """Frames from a key frame at or before ``wanted`` on, with their numbers told by their times.

    None where times do not tell them: the container's clock is too coarse (AVI), or what comes after the jump has no
    time, lies off the clock, or is past ``wanted``.
    """
    tick = float(stream.time_base or 1)
    start = next(decoded(container, stream), None)
    if start is None or start.pts is None or tick * fps > 0.1:
        return None
    try:
        container.seek(start.pts + int((wanted - 1) / fps / tick), stream=stream)
    except FFmpegError:  # a container without an index
        return None
    frames = decoded(container, stream)
    frame = next(frames, None)
    if frame is None or frame.pts is None:
        return None
    place = (frame.pts - start.pts) * tick * fps
    if round(place) > wanted or abs(place - round(place)) > 0.25:
        return None
    return enumerate(chain([frame], frames), round(place))
