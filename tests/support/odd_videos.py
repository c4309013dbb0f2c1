"""Damaged and odd videos of numbered frames, as people's archives hold them."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numbered_frames import HEIGHT, WIDTH, numbered_frame, numbered_frames

from triad.modalities.video import write_video

CASES = Path(__file__).resolve().parents[1] / "data/cases"
FPS = 20
MILLISECOND = Fraction(1, 1000)


def encode(
    path: Path, frames: Iterable[np.ndarray], *, codec: str = "libx264", options: dict[str, str] | None = None
) -> None:
    """Write frames with a codec and its options."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.height, stream.width = HEIGHT, WIDTH
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.options = options or {}
        for image in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))


def write_at(path: Path, milliseconds: Sequence[int | None]) -> None:
    """Write one MJPEG picture a timestamp; of None it has that of the picture before."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=FPS)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuvj420p"
        for number, time in enumerate(milliseconds):
            for packet in stream.encode(av.VideoFrame.from_ndarray(numbered_frame(number), format="rgb24")):
                packet.pts = packet.dts = time
                packet.time_base = MILLISECOND
                container.mux(packet)


def write_damaged(path: Path) -> None:
    """Sixty bytes in the middle are lost."""
    encode(path, numbered_frames(200), options={"g": "60", "x264-params": "bframes=3"})
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60] = bytes(60)
    path.write_bytes(content)


def write_truncated(path: Path) -> None:
    encode(path, numbered_frames(200))
    path.write_bytes(path.read_bytes()[:-3000])


def write_lost_picture(path: Path) -> None:
    encode(path, numbered_frames(30), codec="mjpeg")
    with av.open(str(path)) as container:
        payload = [bytes(packet) for packet in container.demux(video=0) if packet.size][12]
    path.write_bytes(path.read_bytes().replace(payload, bytes(len(payload))))


def write_step_back(path: Path) -> None:
    """The timestamp of frame 20 is 300 ms too early."""
    write_at(path, [50 * number for number in range(40)])
    with av.open(str(path)) as container:
        payload = [bytes(packet) for packet in container.demux(video=0) if packet.size][20]
    content = bytearray(path.read_bytes())
    place = content.index(payload) - 3  # of a block, time in the cluster and flags come before the payload
    (time,) = struct.unpack_from(">h", content, place)
    struct.pack_into(">h", content, place, time - 300)
    path.write_bytes(content)


def write_joined(path: Path) -> None:
    """Two transport streams, the clock of the second one set anew."""
    encode(path, numbered_frames(160), options={"g": "40"})
    second = path.with_name(f"second_{path.name}")
    encode(second, map(numbered_frame, range(160, 300)), options={"g": "40"})
    path.write_bytes(path.read_bytes() + second.read_bytes())
    second.unlink()


def write_edited(path: Path) -> None:
    """An edit list leaves out the first ten frames."""
    whole = path.with_name(f"whole_{path.name}")
    encode(whole, numbered_frames(200), options={"g": "50"})
    with (
        av.open(str(whole)) as old,
        av.open(str(path), "w", container_options={"avoid_negative_ts": "disabled"}) as new,
    ):
        source = old.streams.video[0]
        stream = new.add_stream_from_template(source)
        shift = round(10 / FPS / source.time_base)
        for packet in old.demux(source):
            if packet.dts is not None:
                packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, stream
                new.mux(packet)
    whole.unlink()


def write_mirrored(path: Path) -> None:
    write_video(path, numbered_frames(30), fps=FPS)
    content = bytearray(path.read_bytes())
    struct.pack_into(">i", content, content.index(b"tkhd") + 4 + 40, -(1 << 16))  # version 0: 40 bytes come before it
    path.write_bytes(content)


def write_pictures(path: Path) -> None:
    path.mkdir()
    for number in range(40):
        if number not in (11, 12, 30):
            cv2.imwrite(str(path / f"img_{number:05d}.png"), numbered_frame(number))


ODD_VIDEOS: dict[str, Callable[[Path], object]] = {
    "packed.avi": lambda path: shutil.copy(CASES / "packed.avi", path),
    "damaged.mkv": write_damaged,
    "truncated.mkv": write_truncated,
    "lost_picture.avi": write_lost_picture,
    "joined.ts": write_joined,
    "edited.mp4": write_edited,
    "open_gop.mkv": lambda path: encode(
        path, numbered_frames(300), options={"g": "30", "bf": "3", "x264-params": "open-gop=1:b-pyramid=normal"}
    ),
    "varying.mkv": lambda path: write_at(path, [0, 40, 80, 300, 310, 350, 900, 1000, 1010, 1500]),
    "step_back.mkv": write_step_back,
    "doubled.mkv": lambda path: write_at(path, [100 * (number // 2) for number in range(40)]),
    "raw.h264": lambda path: encode(path, numbered_frames(60)),
    "odd_mpeg4.avi": lambda path: encode(path, numbered_frames(150), codec="mpeg4", options={"bf": "2", "g": "12"}),
    "mirrored.mp4": write_mirrored,
    "pictures": write_pictures,
}
"""Writers of videos by the name of the file or folder."""
