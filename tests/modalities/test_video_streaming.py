"""A video's clock from its packets is the one that decoding finds; every frame has its number on it."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from modalities.checks import InputError
from modalities.video import VideoFile, probe, write_video

BITS = 9


def picture(number):
    """A frame that shows its number: one black or white bar a bit."""
    bars = [255 * (number >> bit & 1) for bit in range(BITS)]
    return np.repeat(np.array(bars, np.uint8), 8)[None, :, None].repeat(32, 0).repeat(3, 2)


def number_of(rgb):
    return sum(int(rgb[16, bit * 8 + 4, 0] > 128) << bit for bit in range(BITS))


def write_at(path, times):
    """Frames at given milliseconds, in their order."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1000)
        stream.height, stream.width, stream.pix_fmt = 32, 8 * BITS, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
@pytest.mark.parametrize("fps", [30.0, 29.97])
def test_a_constant_rate(tmp_path, suffix, fps):
    path = tmp_path / f"v{suffix}"
    write_video(path, map(picture, range(60)), fps=fps)
    video = VideoFile(path)
    assert video.info == probe(path)
    assert video.info.times is None
    frames = list(video)
    assert [frame.number for frame in frames] == list(range(60))
    assert [number_of(frame.rgb) for frame in frames] == list(range(60))


def test_a_varying_rate(tmp_path):
    write_at(tmp_path / "v.mkv", [0, 100, 150, 400, 900, 1000])
    video = VideoFile(tmp_path / "v.mkv")
    assert video.info == probe(tmp_path / "v.mkv")
    assert video.info.times == pytest.approx((0.0, 0.1, 0.15, 0.4, 0.9, 1.0))
    assert [(frame.number, number_of(frame.rgb)) for frame in video] == [(n, n) for n in range(6)]


def test_a_damaged_picture_keeps_its_number_to_itself(tmp_path):
    """Frames after it are shown when they were filmed, not one interval earlier."""
    path = tmp_path / "v.mkv"
    with av.open(str(path), "w") as container:  # every picture stands for itself
        stream = container.add_stream("mjpeg", rate=10)
        stream.height, stream.width, stream.pix_fmt = 32, 8 * BITS, "yuvj420p"
        for number in range(12):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        payload = [bytes(packet) for packet in container.demux(video=0) if packet.size][5]
    content = path.read_bytes()
    assert content.count(payload) == 1
    path.write_bytes(content.replace(payload, bytes(len(payload))))
    video = VideoFile(path)
    assert video.info.num_frames == 12
    frames = list(video)
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert [number_of(frame.rgb) for frame in frames] == [frame.number for frame in frames]


def test_a_file_that_breaks_off(tmp_path):
    path = tmp_path / "cut.mkv"
    write_video(path, map(picture, range(300)), fps=30)
    path.write_bytes(path.read_bytes()[:-2000])
    assert VideoFile(path).info.fps == 30
    assert len(list(VideoFile(path))) in (VideoFile(path).info.num_frames, VideoFile(path).info.num_frames - 1)


def test_no_video_is_one_line(tmp_path: Path):
    (tmp_path / "bad.mp4").write_bytes(b"no video" * 99)
    with pytest.raises(InputError, match=r"must be readable, got '.*bad.mp4'"):
        VideoFile(tmp_path / "bad.mp4")
