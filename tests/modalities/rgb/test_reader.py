import numpy as np
import pytest

from triad.modalities.clips import Source
from triad.modalities.rgb import RgbReader
from triad.modalities.video import write_video

SHADES = np.arange(10) * 25


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("rgb") / "shades.mp4"
    write_video(path, [np.full((32, 48, 3), shade, np.uint8) for shade in SHADES], fps=10)
    return Source(path, num=10, fps=10.0)


def test_frames_on_display(source):
    times = np.array([0.0, 0.25, 0.3, 0.95, 0.25])
    clip = RgbReader(frame_size=(32, 48)).read(source, times, np.array([True, True, False, True, True]))
    np.testing.assert_allclose(clip.data[:, 16, 24, 0], SHADES[[0, 2, 3, 9, 2]], atol=3)
    np.testing.assert_array_equal(clip.times, times)
    assert clip.valid.tolist() == [True, True, False, True, True]


def test_last_frame_is_held_and_invalid(source):
    clip = RgbReader(frame_size=(32, 48)).read(source, np.array([0.99, 1.0, 7.0]), np.ones(3, bool))
    np.testing.assert_allclose(clip.data[:, 16, 24, 0], SHADES[9], atol=3)
    assert clip.valid.tolist() == [True, False, False]


def test_offset_moves_the_clock(source):
    delayed = Source(source.path, num=10, fps=10.0, offset=5.0)
    clip = RgbReader(frame_size=(32, 48)).read(delayed, np.array([5.45]), np.ones(1, bool))
    np.testing.assert_allclose(clip.data[0, 16, 24, 0], SHADES[4], atol=3)


def test_letterbox_pads_with_black(source):
    clip = RgbReader(frame_size=[32, 64]).read(source, np.array([0.9]), np.ones(1, bool))
    assert clip.data.shape == (1, 32, 64, 3)
    assert clip.data[0, :, :8].max() == 0
    assert clip.data[0, :, 56:].max() == 0
    np.testing.assert_allclose(clip.data[0, :, 8:56], SHADES[9], atol=3)


def test_blank_clip_is_black_and_invalid():
    clip = RgbReader(frame_size=(4, 6)).blank(np.array([0.0, 1.0]))
    assert clip.data.shape == (2, 4, 6, 3)
    assert clip.data.max() == 0
    assert not clip.valid.any()
