"""Frames of a video file by index, upright."""

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
from modalities.video.decoding import decode_frames, decode_video, open_video

MIN_SEEK_INDEX = 128
"""Index of the first frame that is reached by seeking: decoding that many takes about as long as a seek and its group
of pictures."""


class RgbConverter:
    """Converter of decoded frames to uint8 ``[H, W, 3]``, upright, all of one size.

    Args:
        size_hw: height and width of the frames, pixels; None takes those of the first frame.
    """

    def __init__(self, size_hw: tuple[int, int] | None = None) -> None:
        self.size_hw = size_hw
        self.reformatter = VideoReformatter()  # keeps swscale's tables from frame to frame

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        # one thread: swscale would otherwise start as many as there are cores for each frame
        image = self.reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray()
        upright = np.ascontiguousarray(np.rot90(image, frame.rotation // 90)) if frame.rotation else image
        self.size_hw = self.size_hw or (upright.shape[0], upright.shape[1])
        return resize(upright, self.size_hw)


def iter_frames(path: str | Path) -> Iterator[np.ndarray]:
    """Give every frame in turn, in constant memory.

    Shapes: yields uint8 ``[H, W, 3]``, RGB.

    Raises:
        InputError: If the file is missing, empty, no video, or no frame of it decodes.
    """
    to_rgb = RgbConverter()
    with open_video(path) as (container, stream):
        for frame in decode_video(path, container, stream):
            yield to_rgb(frame)


def read_frames(
    path: str | Path,
    indices: Sequence[int] | np.ndarray,
    *,
    fps: float | None = None,
    transform: Callable[[np.ndarray], np.ndarray] | None = None,
    convert: Callable[[av.VideoFrame], np.ndarray] | None = None,
) -> np.ndarray:
    """Return frames by index, in any order and repeated as asked for; the file is decoded once, up to the last.

    Args:
        path: path of the video.
        indices: indices of the frames, from 0.
        fps: frames per second, where :func:`probe` found it constant: a far frame is then reached by seeking to the key
            frame before it. Without it every frame before the last one is decoded.
        transform: function applied to each frame as it is decoded, e.g. to scale it before all are in memory.

        convert: converter of decoded frames; None converts to RGB.

    Shapes: indices ``[T]`` -> uint8 ``[T, H, W, 3]``, RGB, or as ``convert`` and ``transform`` return them.

    Raises:
        InputError: As :func:`iter_frames`, or if an index is not in the file.
    """
    indices = np.asarray(indices, int)
    if indices.ndim != 1 or not len(indices) or indices.min() < 0:
        fail(f"frame indices for '{path}'", "be one or more numbers from 0", indices.tolist())
    positions: dict[int, list[int]] = {}
    for position, index in enumerate(indices.tolist()):
        positions.setdefault(index, []).append(position)
    last = max(positions)
    convert = convert or RgbConverter()
    images = None
    number = -1
    for number, frame in _iter_numbered(path, min(positions), fps):
        if number in positions:
            image = convert(frame)
            image = image if transform is None else transform(image)
            if images is None:
                images = np.empty((len(indices), *image.shape), image.dtype)
            for position in positions[number]:
                images[position] = image
        if number >= last:
            break
    if number < last or images is None:
        fail(f"frame of '{path}'", f"be below {number + 1}", last, "the file is shorter than its index: prepare again")
    return images


def _iter_numbered(path: str | Path, first: int, fps: float | None) -> Iterator[tuple[int, av.VideoFrame]]:
    """Give frames with their indices, from ``first`` or some frame before it on."""
    if fps is not None and first >= MIN_SEEK_INDEX:
        with open_video(path) as (container, stream):
            frames = _seek(first, fps, container, stream)
            if frames is not None:
                yield from frames
                return
    with open_video(path) as (container, stream):
        yield from enumerate(decode_video(path, container, stream))


def _seek(
    first: int, fps: float, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[int, av.VideoFrame]] | None:
    """Give frames from a key frame at or before index ``first`` on, with their indices by their times.

    Return None where times do not determine the indices: the container's clock is too coarse (AVI), or the frame after
    the seek has no time, lies between two frame intervals, or is past ``first``.
    """
    tick = float(stream.time_base or 1)
    start = next(decode_frames(container, stream), None)
    if start is None or start.pts is None or tick * fps > 0.1:
        return None
    try:
        container.seek(start.pts + int((first - 1) / fps / tick), stream=stream)
    except FFmpegError:  # a container without an index
        return None
    frames = decode_frames(container, stream)
    frame = next(frames, None)
    if frame is None or frame.pts is None:
        return None
    position = (frame.pts - start.pts) * tick * fps
    if round(position) > first or abs(position - round(position)) > 0.25:
        return None
    return enumerate(chain([frame], frames), round(position))
