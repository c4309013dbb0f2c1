"""Frames of a video by index, upright: of a file, or of a folder of numbered pictures.

The index of a frame is its place among the frames that decode from the start of the file on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from os.path import isdir
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from triad.modalities.checks import fail, shorten
from triad.modalities.letterbox import resize
from triad.modalities.video.clock import COARSE_TICK
from triad.modalities.video.decoding import check_color, decode_frames, decode_video, open_video
from triad.modalities.video.orientation import UPRIGHT, apply_orientation, orientation_of
from triad.modalities.video.picture_folder import open_pictures, read_pictures

MIN_SEEK_INDEX = 128
"""Index of the first frame that is reached by seeking: decoding that many takes about as long as a seek and its group
of pictures."""


class RgbConverter:
    """Converter of decoded frames to uint8 ``[H, W, 3]``, upright, all of one size.

    Args:
        size_hw: height and width of the frames, pixels; None takes those of the first frame.
        name: name of the video, for messages.
    """

    def __init__(self, size_hw: tuple[int, int] | None = None, *, name: str | Path = "video") -> None:
        self.size_hw = size_hw
        self.name = name
        self._rotation: int | None = None
        self._orientation = UPRIGHT
        self.reformatter = VideoReformatter()  # keeps swscale's tables from frame to frame

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        if frame.rotation != self._rotation:  # side data take as long to read as a small frame takes to turn
            check_color(frame, self.name)
            self._rotation = frame.rotation
            self._orientation = orientation_of(frame)
        # one thread: swscale would otherwise start as many as there are cores for each frame
        image = self.reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray()
        upright = apply_orientation(image, self._orientation)
        self.size_hw = self.size_hw or (upright.shape[0], upright.shape[1])
        return resize(upright, self.size_hw)


def iter_frames(path: str | Path) -> Iterator[np.ndarray]:
    """Give every frame in turn, in constant memory.

    Shapes: yields uint8 ``[H, W, 3]``, RGB.

    Raises:
        InputError: If the file is missing, empty, no video or of depth, or no frame of it decodes; for a folder, if it
            does not hold one series of pictures of one size.
    """
    if isdir(path):
        yield from open_pictures(path).iter_frames()
        return
    to_rgb = RgbConverter(name=path)
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
        path: path of the video, or of a folder of numbered pictures.
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
        fail(
            f"frame indices for '{path}'", "be one or more numbers from 0", shorten(indices.ravel().tolist()) or "none"
        )
    if isdir(path):
        return read_pictures(Path(path), indices.tolist(), transform=transform)
    positions: dict[int, list[int]] = {}
    for position, index in enumerate(indices.tolist()):
        positions.setdefault(index, []).append(position)
    last = max(positions)
    convert = convert or RgbConverter(name=path)
    images = None
    number = -1
    for number, frame in _iter_numbered(path, min(positions), last, fps):
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


def _iter_numbered(path: str | Path, first: int, last: int, fps: float | None) -> Iterator[tuple[int, av.VideoFrame]]:
    """Give frames with their indices, to ``last`` and from ``first`` or some frame before it on.

    Where frames that were found by seeking do not follow one another, all are given again from the start on.
    """
    if fps is not None and first >= MIN_SEEK_INDEX:
        with open_video(path) as (container, stream):
            for number, frame in _seek(first, fps, container, stream):
                yield number, frame
                if number == last:
                    return
    with open_video(path) as (container, stream):
        yield from enumerate(decode_video(path, container, stream))


def _seek(
    first: int, fps: float, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Give frames from a key frame at or before index ``first`` on, with their indices by their times.

    It ends where times do not determine the indices: the container's clock is too coarse (AVI), or a frame has no time,
    lies between two frame intervals, or does not follow the one before; or if the first frame is past ``first``.
    """
    tick = float(stream.time_base or 1)
    start = next(decode_frames(container, stream), None)
    if start is None or start.pts is None or tick * fps > COARSE_TICK:
        return
    try:
        container.seek(start.pts + int((first - 1) / fps / tick), stream=stream)
    except (FFmpegError, OverflowError):  # a container without an index
        return
    previous = None
    for frame in decode_frames(container, stream):
        if frame.pts is None:
            return
        position = (frame.pts - start.pts) * tick * fps
        number = round(position)
        follows = number <= first if previous is None else number == previous + 1
        if not follows or abs(position - number) > 0.25:
            return
        yield number, frame
        previous = number
