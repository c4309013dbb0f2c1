import numpy as np
import pytest
from numbered_frames import HEIGHT, WIDTH, number_of, numbered_frames

from triad.modalities.checks import InputError
from triad.modalities.video import decoding, frames, iter_frames, probe, read_frames, write_video


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Video of 40 numbered frames."""
    path = tmp_path_factory.mktemp("video") / "numbers.mp4"
    write_video(path, numbered_frames(40), fps=15)
    return path


def test_read_frames_in_any_order(video):
    indices = [39, 0, 7, 7, 12]
    images = read_frames(video, indices)
    assert images.shape == (5, HEIGHT, WIDTH, 3)
    assert images.dtype == np.uint8
    assert [number_of(image) for image in images] == indices


def test_iter_frames_gives_all_in_order(video):
    assert [number_of(image) for image in iter_frames(video)] == list(range(40))


def test_transform_applies_to_read_frames_only(video):
    numbers = []
    images = read_frames(video, [3, 5], transform=lambda image: (numbers.append(number_of(image)), image[:4, :6])[1])
    assert numbers == [3, 5]
    assert images.shape == (2, 4, 6, 3)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])  # AVI's clock is too coarse to seek
@pytest.mark.parametrize("fps", [30.0, 29.97])
def test_seeking_reads_exact_frames(tmp_path, suffix, fps):
    path = tmp_path / f"long{suffix}"
    write_video(path, numbered_frames(700), fps=fps)
    info = probe(path)
    assert (info.num_frames, info.times) == (700, None)
    for indices in ([699, 650, 650], [128], [400, 699]):
        assert [number_of(image) for image in read_frames(path, indices, fps=info.fps)] == indices
        assert [number_of(image) for image in read_frames(path, indices)] == indices


def test_seeking_decodes_fewer_frames(tmp_path, monkeypatch):
    path = tmp_path / "long.mp4"
    write_video(path, numbered_frames(700), fps=30)
    timestamps = []
    decode_frames = decoding.decode_frames

    def recording_decode_frames(container, stream):
        for frame in decode_frames(container, stream):
            timestamps.append(frame.pts)
            yield frame

    for module in (decoding, frames):
        monkeypatch.setattr(module, "decode_frames", recording_decode_frames)
    read_frames(path, [690], fps=30.0)
    assert 0 < len(timestamps) <= 252  # a group of pictures is at most 250 frames, and the first frame tells the start


def test_index_past_the_end_is_refused(video):
    message = r"numbers.mp4' must be below 40, got 40; the file is shorter than its index"
    with pytest.raises(InputError, match=message):
        read_frames(video, [2, 40])
    with pytest.raises(InputError, match="numbers from 0"):
        read_frames(video, [-1])
