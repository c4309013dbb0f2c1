"""Decoding of a video file; packets that do not decode are left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.stream import Disposition
from packaging.version import Version

from triad.modalities.checks import check_file, fail, printable
from triad.modalities.file_kinds import describe_kind
from triad.modalities.picture_size import MAX_PIXELS

CURE = "download or record it again, or leave it out of the dataset"
PICTURE_CURE = "give a video, or a folder of numbered pictures"
_ATTACHED_PICTURE = int(Disposition.attached_pic)
_TEXT_OPTIONS: dict[str, Any] = {"metadata_errors": "replace"} if Version(av.__version__) < Version("19") else {}
"""PyAV 19 always replaces what it cannot decode in the text of a file, and lost the option to say so."""
_LOCAL_ONLY = {"protocol_whitelist": "file,crypto,data"}  # a playlist may name addresses


def open_input(address: str, **options: Any) -> av.container.InputContainer:
    """Open a file, camera or address for reading; text in an unknown encoding is of no concern.

    Args:
        address: what FFmpeg opens.
        options: further arguments of ``av.open``.
    """
    return av.open(address, **_TEXT_OPTIONS, **options)


@contextmanager
def open_video(path: str | Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """Open a video file and give its container and its first video stream.

    Pictures that are attached to sound, such as covers, are no video.

    Raises:
        InputError: If the file is missing, empty, a still picture, or no video, or FFmpeg does not know its codec.
    """
    path = check_file("video", path, CURE)
    try:
        container = open_input(f"file:{path}", container_options=_LOCAL_ONLY)
    except (FFmpegError, OSError, ValueError) as error:  # ValueError: a name that is no UTF-8
        kind = describe_kind(path)
        if kind is not None and "video" not in kind:
            fail("video", "be readable", f"'{path}', which is {kind}", "give a video, or leave it out of the dataset")
        fail("video", "be readable", f"'{path}' ({printable(getattr(error, 'strerror', None) or error)})", CURE)
    with container:
        yield container, find_stream(container, path)


def find_stream(container: av.container.InputContainer, name: object) -> av.VideoStream:
    """Return the first video stream that is no attached picture, set to decode in one thread.

    Args:
        container: opened container.
        name: name of the file, for messages.

    Raises:
        InputError: As :func:`open_video`.
    """
    videos = list(container.streams.video)
    stream = next((stream for stream in videos if not int(stream.disposition) & _ATTACHED_PICTURE), None)
    if stream is None:
        got = "only a cover beside the sound" if videos else "which has none"
        fail("video", "have a picture", f"'{name}', {got}", CURE)
    if container.format.name.endswith("_pipe") or container.format.name in ("image2", "tty"):
        fail("video", "be a moving picture", f"'{name}', which is a still", PICTURE_CURE)
    context = stream.codec_context
    if context is None:
        fail("video", "have a known codec", f"'{name}', whose codec FFmpeg does not know", "convert it to H.264")
    check_size((context.height, context.width), name)
    context.thread_count = 1  # workers are processes; and with threads, errors move between packets
    return stream


def check_size(size_hw: tuple[int, int], name: object) -> None:
    """Refuse frames that are too large to decode.

    Raises:
        InputError: If there are more than ``MAX_PIXELS``.
    """
    height, width = size_hw
    if height * width > MAX_PIXELS:
        fail(f"frames of '{name}'", f"have at most {MAX_PIXELS} pixels", f"{height} × {width}", "scale it down")


def decode_frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Give the frames that decode from the current position of the container on."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (FFmpegError, OSError, ValueError):  # the file is truncated
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except (FFmpegError, OSError, ValueError):  # this packet is damaged
            continue
        yield from frames


def decode_video(
    path: str | Path, container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[av.VideoFrame]:
    """Give the frames of a whole file that decode.

    Raises:
        InputError: If none does.
    """
    frame = None
    for frame in decode_frames(container, stream):
        if frame.height * frame.width > MAX_PIXELS:
            check_size((frame.height, frame.width), path)
        yield frame
    if frame is None:
        fail("video", "have frames", f"'{path}', of which none decodes", CURE)


def check_color(frame: av.VideoFrame, name: object) -> None:
    """Refuse a frame of 16-bit grey, which is depth: as colours it would be black.

    Raises:
        InputError: naming the pixel format and the cure.
    """
    if frame.format.name.startswith(("gray16", "gray14", "grayf")):
        got = f"'{name}' of {frame.format.name}, which is depth"
        cure = "name it in the column depth of a table, or as --file depth=FILE"
        fail("video", "have colours", got, cure)
