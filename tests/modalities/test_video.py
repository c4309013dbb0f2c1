import errno
import os
import re
import struct
import wave

import numpy as np
import pytest

from modalities.checks import InputError
from modalities.video import iter_frames, probe, read_frames, write_video
from modalities.video.probing import fit_clock

HEIGHT, WIDTH, BITS = 32, 96, 12


def clock_frames(num):
    """Frames that show their number: one black or white bar a bit."""
    for number in range(num):
        frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for bit in range(BITS):
            frame[:, bit * 8 : bit * 8 + 8] = 255 * (number >> bit & 1)
        yield frame


def number_of(frame):
    return sum(int(frame[frame.shape[0] // 2, bit * 8 + 4, 0] > 128) << bit for bit in range(BITS))


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    path = tmp_path_factory.mktemp("video") / "clock.mp4"
    write_video(path, clock_frames(40), fps=15)
    return path


def test_probe_counts_frames(clock):
    info = probe(clock)
    assert info == (40, 15.0, HEIGHT, WIDTH, None)


def test_read_frames_in_any_order_and_repeated(clock):
    indices = [39, 0, 7, 7, 12]
    frames = read_frames(clock, indices)
    assert frames.shape == (5, HEIGHT, WIDTH, 3)
    assert frames.dtype == np.uint8
    assert [number_of(frame) for frame in frames] == indices


def test_iter_frames_yields_all_in_order(clock):
    assert [number_of(frame) for frame in iter_frames(clock)] == list(range(40))


def test_each_is_applied_to_wanted_frames_only(clock):
    seen = []
    frames = read_frames(clock, [3, 5], transform=lambda frame: (seen.append(number_of(frame)), frame[:4, :6])[1])
    assert seen == [3, 5]
    assert frames.shape == (2, 4, 6, 3)


@pytest.mark.parametrize(
    "suffix", [".mp4", ".mkv", ".avi"]
)  # AVI's clock is too coarse to jump: decoded from the start
@pytest.mark.parametrize("fps", [30.0, 29.97])
def test_far_frames_are_exact_with_and_without_a_jump(tmp_path, suffix, fps):
    path = tmp_path / f"long{suffix}"
    write_video(path, clock_frames(700), fps=fps)
    info = probe(path)
    assert info.num_frames == 700
    assert info.times is None
    for indices in ([699, 650, 650], [128], [400, 699]):
        assert [number_of(frame) for frame in read_frames(path, indices, fps=info.fps)] == indices
        assert [number_of(frame) for frame in read_frames(path, indices)] == indices


def test_a_jump_decodes_less(tmp_path, monkeypatch):
    path = tmp_path / "long.mp4"
    write_video(path, clock_frames(700), fps=30)
    from modalities.video import decoding, frames

    counts = []
    original = decoding.decode_frames

    def counted(container, stream):
        for frame in original(container, stream):
            counts.append(1)
            yield frame

    for module in (decoding, frames):
        monkeypatch.setattr(module, "decode_frames", counted)
    read_frames(path, [690], fps=30.0)
    assert 0 < len(counts) <= 252  # a group of pictures is at most 250 frames, and one frame tells the start


def test_past_the_end_is_an_error(clock):
    with pytest.raises(InputError, match=r"clock.mp4' must be below 40, got 40; the file is shorter than its index"):
        read_frames(clock, [2, 40])
    with pytest.raises(InputError, match="numbers from 0"):
        read_frames(clock, [-1])


def test_equal_frames_give_equal_bytes(tmp_path):
    # x264's mbtree made the bytes depend on what lay in memory; sizes that are no multiples of 16 showed it
    frames = np.random.default_rng(0).integers(0, 255, (8, 50, 98, 3), np.uint8)
    contents = set()
    for attempt in range(6):
        litter = [np.full(size, attempt * 40 + 7, np.uint8) for size in range(1000, 200_000, 7000)]
        del litter
        write_video(tmp_path / "a.mp4", frames, fps=15)
        contents.add((tmp_path / "a.mp4").read_bytes())
    assert len(contents) == 1


def test_odd_sizes_repeat_the_last_row_and_column(tmp_path):
    frame = np.random.default_rng(0).integers(0, 255, (5, 7, 1), np.uint8).repeat(3, 2).repeat(5, 0).repeat(5, 1)
    write_video(tmp_path / "odd.mp4", [frame] * 3, fps=10, crf=1)
    read = read_frames(tmp_path / "odd.mp4", [1])[0]
    assert read.shape == (26, 36, 3)
    assert np.abs(read[:25, :35].astype(int) - frame).mean() < 3
    np.testing.assert_allclose(read[25], read[24], atol=12)


def test_colours_survive(tmp_path):
    for color in ((255, 255, 255), (0, 0, 0), (200, 30, 60), (128, 128, 128)):
        write_video(tmp_path / "c.mp4", [np.full((32, 32, 3), color, np.uint8)] * 2, fps=10)
        np.testing.assert_allclose(read_frames(tmp_path / "c.mp4", [0])[0, 16, 16], color, atol=3)


def test_rotation_beside_the_picture_is_applied(tmp_path):
    frame = np.zeros((32, 64, 3), np.uint8)
    frame[:16, :16] = 255  # top left
    path = tmp_path / "r.mp4"
    write_video(path, [frame] * 3, fps=10)
    raw = bytearray(path.read_bytes())
    matrix = raw.index(b"tkhd") + 4 + 40  # version 0: 40 bytes come before the matrix
    one = 1 << 16
    assert struct.unpack_from(">9i", raw, matrix) == (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    struct.pack_into(">9i", raw, matrix, 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)  # a quarter turn clockwise
    path.write_bytes(raw)
    assert probe(path)[2:4] == (64, 32)
    read = read_frames(path, [0])[0]
    assert read.shape == (64, 32, 3)
    assert read[4, 28].min() > 200  # top left went to the top right
    assert read[4, 4].max() < 50


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b"no video at all" * 99, "must be readable")],
)
def test_damaged_files_are_one_line(tmp_path, content, message):
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    for read in (probe, lambda path: read_frames(path, [0]), lambda path: list(iter_frames(path))):
        with pytest.raises(InputError, match=message) as caught:
            read(path)
        assert "bad.mp4" in str(caught.value)
        assert "leave it out" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        probe(tmp_path / "none.mp4")


def test_sound_alone_is_no_video(tmp_path):
    with wave.open(str(tmp_path / "s.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    with pytest.raises(InputError, match=r"must have a picture, got '.*s.wav'"):
        probe(tmp_path / "s.wav")


def test_zero_frames(tmp_path):
    import av

    with av.open(str(tmp_path / "z.avi"), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    with pytest.raises(InputError, match=r"z.avi"):
        probe(tmp_path / "z.avi")


def test_a_file_that_breaks_off_yields_what_decodes(tmp_path):
    path = tmp_path / "cut.mkv"
    write_video(path, clock_frames(300), fps=30)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    num = probe(path).num_frames
    assert 10 < num < 290
    assert [number_of(frame) for frame in iter_frames(path)] == list(range(num))
    with pytest.raises(InputError, match=f"must be below {num}, got 299"):
        read_frames(path, [299])


def test_write_video_needs_fitting_frames(tmp_path):
    with pytest.raises(InputError, match="must have frames, got none"):
        write_video(tmp_path / "v.mp4", [], fps=10)
    black = np.zeros((16, 16, 3), np.uint8)
    with pytest.raises(InputError, match=re.escape("frame 1 of")):
        write_video(tmp_path / "v.mp4", [black, black[:8]], fps=10)
    with pytest.raises(InputError, match="float64"):
        write_video(tmp_path / "v.mp4", [black / 2], fps=10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["film", "film.gif", "film.webm"])
def test_write_video_says_which_files_hold_h264(tmp_path, name):
    with pytest.raises(InputError, match=rf"video '.*{name}' must end in \.mp4, .*got '"):
        write_video(tmp_path / name, clock_frames(2), fps=10)
    assert list(tmp_path.iterdir()) == []


def test_write_video_leaves_nothing_behind_when_it_fails(tmp_path):
    def broken():
        yield np.zeros((16, 16, 3), np.uint8)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(InputError, match="No space left on device; make room"):
        write_video(tmp_path / "v.mp4", broken(), fps=10)
    assert list(tmp_path.iterdir()) == []


def test_fit_clock_a_constant_rate():
    times = list(np.round(np.arange(30) / 29.97, 3) + 1.5)  # Matroska: whole milliseconds; not from 0
    assert fit_clock(times, nominal=29.97, tick=0.001) == (29.97, None)
    # J-HMDB: 25 frames per second on a clock of 1/30 s
    ticks = [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23]
    assert fit_clock([tick / 30 for tick in ticks], nominal=30.0, tick=1 / 30) == (25.0, None)


def test_fit_clock_a_varying_rate_and_of_none():
    fps, times = fit_clock([0.0, 0.1, 0.2, 0.9, 1.0], nominal=10.0, tick=0.001)
    assert fps == pytest.approx(4.0)
    assert times == pytest.approx((0.0, 0.1, 0.2, 0.9, 1.0))
    assert fit_clock([None, None, None], nominal=12.0, tick=0.001) == (12.0, None)
    assert fit_clock([0.4], nominal=12.0, tick=0.001) == (12.0, None)
