"""Decoding of a video file; packets that do not decode are left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.error import FFmpegError

from modalities.checks import check_file, fail

CURE = "download or record it again, or leave it out of the dataset"


@contextmanager
def open_video(path: str | Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """Open a video file and give its container and its first video stream.

    Raises:
        InputError: If the file is missing, empty, or no video.
    """
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


def decode_frames(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Give the frames that decode from the current position of the container on."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:  # the file is truncated
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except FFmpegError:  # this packet is damaged
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
        yield frame
    if frame is None:
        fail("video", "have frames", f"'{path}', of which none decodes", CURE)


def upright_hw(frame: av.VideoFrame) -> tuple[int, int]:
    """Return height and width of a frame after its rotation, pixels."""
    is_sideways = frame.rotation % 180 == 90
    return (frame.width, frame.height) if is_sideways else (frame.height, frame.width)
