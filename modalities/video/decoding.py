"""From a file to decoded frames; what does not decode is left out."""

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


def decoded(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
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


def decode(path: str | Path, container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    frame = None
    for frame in decoded(container, stream):
        yield frame
    if frame is None:
        fail("video", "have frames", f"'{path}', of which none decodes", CURE)


def turned_hw(frame: av.VideoFrame) -> tuple[int, int]:
    sideways = frame.rotation % 180 == 90
    return (frame.width, frame.height) if sideways else (frame.height, frame.width)
