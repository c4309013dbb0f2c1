from fractions import Fraction

import av
import pytest
from numbered_frames import HEIGHT, WIDTH, number_of, numbered_frame, numbered_frames

from triad.modalities.checks import InputError
from triad.modalities.video import VideoFile, probe, write_video


def write_at_times(path, milliseconds):
    """Write numbered frames at given times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1000)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, time in enumerate(milliseconds):
            frame = av.VideoFrame.from_ndarray(numbered_frame(number), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
@pytest.mark.parametrize("fps", [30.0, 29.97])
def test_constant_rate(tmp_path, suffix, fps):
    path = tmp_path / f"v{suffix}"
    write_video(path, numbered_frames(60), fps=fps)
    video = VideoFile(path)
    assert video.info == probe(path)
    assert video.info.times is None
    frames = list(video)
    assert [frame.number for frame in frames] == list(range(60))
    assert [number_of(frame.rgb) for frame in frames] == list(range(60))


def test_varying_rate(tmp_path):
    write_at_times(tmp_path / "v.mkv", [0, 100, 150, 400, 900, 1000])
    video = VideoFile(tmp_path / "v.mkv")
    assert video.info == probe(tmp_path / "v.mkv")
    assert video.info.times == pytest.approx((0.0, 0.1, 0.15, 0.4, 0.9, 1.0))
    assert [(frame.number, number_of(frame.rgb)) for frame in video] == [(n, n) for n in range(6)]


def test_damaged_picture_leaves_a_gap(tmp_path):
    """Frames after it keep their times."""
    path = tmp_path / "v.mkv"
    with av.open(str(path), "w") as container:  # in MJPEG every picture is coded by itself
        stream = container.add_stream("mjpeg", rate=10)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuvj420p"
        for number in range(12):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(numbered_frame(number), format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        payload = [bytes(packet) for packet in container.demux(video=0) if packet.size][5]
    content = path.read_bytes()
    assert content.count(payload) == 1
    path.write_bytes(content.replace(payload, bytes(len(payload))))
    video = VideoFile(path)
    assert video.info == probe(path)
    assert video.info.times == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1])
    assert [frame.number for frame in video] == list(range(11))
    assert [number_of(frame.rgb) for frame in video] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]


def test_truncated_file(tmp_path):
    path = tmp_path / "truncated.mkv"
    write_video(path, numbered_frames(300), fps=30)
    path.write_bytes(path.read_bytes()[:-2000])
    video = VideoFile(path)
    assert video.info.fps == 30
    assert len(list(video)) == video.info.num_frames


def test_other_file_is_refused(tmp_path):
    (tmp_path / "bad.mp4").write_bytes(b"no video" * 99)
    with pytest.raises(InputError, match=r"must be readable, got '.*bad.mp4'"):
        VideoFile(tmp_path / "bad.mp4")
