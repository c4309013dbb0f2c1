"""Video files: what is in them, their frames by index, and writing them. PyAV (it brings FFmpeg with it) does the work.

Frames are numbered in the order in which they are shown, and the number of frames is the number that decode: what a
container says about itself is often wrong. A packet that does not decode is left out, a file that breaks off yields
the frames before the break. Rotation stored beside the picture (telephones do) is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from modalities.canvas import resize
from modalities.checks import InputError, check_file, fail
from modalities.store import atomic

CURE = "download or record it again, or leave it out of the dataset"
JUMP_FROM = 128  # frames; decoding so many takes about as long as a jump and its group of pictures
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


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    path = check_file("video", path, CURE)
    try:
        container = av.open(str(path))
    except FFmpegError as error:
        fail("video", "be readable", f"'{path}' ({error.strerror})", CURE)
    with container:
        if not container.streams.video:
            fail("video", "have a picture", f"'{path}', which has none", CURE)
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1  # workers are processes; and with threads, errors move between packets
        yield container, stream


def _frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """What decodes from here on."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:  # the file breaks off
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except FFmpegError:  # this packet is damaged
            continue
        yield from frames


def _decode(
    path: str | Path, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[av.VideoFrame]:
    frame = None
    for frame in _frames(container, stream):
        yield frame
    if frame is None:
        fail("video", "have frames", f"'{path}', of which none decodes", CURE)


def _turned_hw(frame: av.VideoFrame) -> tuple[int, int]:
    sideways = frame.rotation % 180 == 90
    return (frame.width, frame.height) if sideways else (frame.height, frame.width)


class _ToRgb:
    """From decoded frames to uint8 ``[H, W, 3]``, turned upright, all of the size of the first one."""

    def __init__(self) -> None:
        self.size_hw: tuple[int, int] | None = None
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
    to_rgb = _ToRgb()
    with _opened(path) as (container, stream):
        for frame in _decode(path, container, stream):
            yield to_rgb(frame)


def read_frames(
    path: str | Path,
    indices: Sequence[int] | np.ndarray,
    *,
    fps: float | None = None,
    each: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Frames by index, in any order and as often as wanted; the file is decoded once, up to the last of them.

    Args:
        path: of the video.
        indices: numbers of frames, from 0.
        fps: the rate, where :func:`probe` found it constant: a far frame is then reached by jumping to the key frame
            before it. Without it every frame before the last wanted one is decoded.
        each: applied to every wanted frame as it is decoded, e.g. to scale it before all are held in memory.

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
    to_rgb, out, number = _ToRgb(), None, -1
    for number, frame in _numbered(path, first, fps):
        if number in places:
            picture = to_rgb(frame)
            picture = picture if each is None else each(picture)
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
        with _opened(path) as (container, stream):
            jumped = _jump(wanted, fps, container, stream)
            if jumped is not None:
                yield from jumped
                return
    with _opened(path) as (container, stream):
        yield from enumerate(_decode(path, container, stream))


def _jump(
    wanted: int, fps: float, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[int, av.VideoFrame]] | None:
    """Frames from a key frame at or before ``wanted`` on, with their numbers told by their times.

    None where times do not tell them: the container's clock is too coarse (AVI), or what comes after the jump has no
    time, lies off the clock, or is past ``wanted``.
    """
    tick = float(stream.time_base or 1)
    start = next(_frames(container, stream), None)
    if start is None or start.pts is None or tick * fps > 0.1:
        return None
    try:
        container.seek(start.pts + int((wanted - 1) / fps / tick), stream=stream)
    except FFmpegError:  # a container without an index
        return None
    frames = _frames(container, stream)
    frame = next(frames, None)
    if frame is None or frame.pts is None:
        return None
    place = (frame.pts - start.pts) * tick * fps
    if round(place) > wanted or abs(place - round(place)) > 0.25:
        return None
    return enumerate(chain([frame], frames), round(place))


def probe(path: str | Path) -> VideoInfo:
    """What a video holds, found by decoding it, because containers lie about it.

    Raises:
        InputError: as :func:`iter_frames`.
    """
    times: list[float | None] = []
    size_hw: tuple[int, int] | None = None
    with _opened(path) as (container, stream):
        said = stream.average_rate or stream.guessed_rate
        tick = float(stream.time_base or 0)
        for frame in _decode(path, container, stream):
            size_hw = size_hw or _turned_hw(frame)
            times.append(frame.time)
    if size_hw is None:  # _decode has failed already
        raise InputError(f"video '{path}' has no frames")
    fps, own = _clock(times, said=float(said) if said else RATE_UNKNOWN, tick=tick)
    return VideoInfo(len(times), fps, *size_hw, own)


def count_packets(path: str | Path) -> int:
    """Pictures that the file holds, found without decoding any but the first: about 1 ms for a short clip.

    Nearly always the number of frames (a damaged packet yields none); fewer where the file is cut off.

    Raises:
        InputError: as :func:`iter_frames`.
    """
    with _opened(path) as (container, stream):
        next(_decode(path, container, stream))
    count = 0
    with _opened(path) as (container, stream), suppress(FFmpegError):  # the file breaks off
        for packet in container.demux(stream):
            count += packet.size > 0
    return count


def _clock(times: Sequence[float | None], *, said: float, tick: float) -> tuple[float, tuple[float, ...] | None]:
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


def write_video(path: str | Path, frames: Iterable[np.ndarray], *, fps: float, crf: int = 18) -> None:
    """Write H.264 (yuv420p) that browsers play; the same frames give the same bytes.

    A picture of odd width or height gets its last column or row twice, because yuv420p halves both.

    Args:
        path: ends in ``.mp4``, ``.mkv`` or another container that takes H.264.
        frames: uint8 ``[H, W, 3]``, RGB, all of one size; may be a generator.
        fps: frames per second.
        crf: quality, 0 (best) to 51; 18 is visually the same as the source.

    Raises:
        InputError: if there is no frame, a frame has another size, or the disk is full.
    """
    with (
        atomic(path) as temporary,
        av.open(str(temporary), "w", container_options={"fflags": "+bitexact"}) as container,
    ):
        stream: av.VideoStream | None = None
        shape: tuple[int, ...] = ()
        for number, frame in enumerate(frames):
            if (
                frame.dtype != np.uint8
                or frame.ndim != 3
                or frame.shape[2] != 3
                or frame.shape != (shape or frame.shape)
            ):
                fail(
                    f"frame {number} of '{path}'",
                    f"be uint8 {list(shape) or '[H, W, 3]'}",
                    f"{frame.dtype} {list(frame.shape)}",
                )
            if stream is None:
                shape = frame.shape
                stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
                stream.height, stream.width = shape[0] + shape[0] % 2, shape[1] + shape[1] % 2
                stream.pix_fmt = "yuv420p"
                # one thread and no mbtree (which reads memory that nobody has written): else the bytes vary
                stream.options = {"crf": str(crf), "preset": "veryfast", "x264-params": "mbtree=0"}
                stream.codec_context.thread_count = 1
            even = np.pad(frame, ((0, shape[0] % 2), (0, shape[1] % 2), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is None:
            fail(f"video '{path}'", "have frames", "none")
        container.mux(stream.encode(None))
