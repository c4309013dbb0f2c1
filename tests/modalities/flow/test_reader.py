import numpy as np
import pytest

from modalities.checks import InputError
from modalities.clips import Source
from modalities.flow import FlowReader, FlowWriter


@pytest.fixture
def path(tmp_path):
    """Nine fields; field i moves by (i, −2) everywhere."""
    fields = np.zeros((9, 12, 16, 2), np.float32)
    fields[..., 0] = np.arange(9)[:, None, None]
    fields[..., 1] = -2
    with FlowWriter(tmp_path / "a.flow") as writer:
        writer.add(fields)
    return tmp_path / "a.flow"


def test_fields_on_display(path):
    times = np.array([0.0, 0.25, 0.8, 0.25])
    clip = FlowReader(frame_size=(12, 16)).read(
        Source(path, num=9, fps=10.0), times, np.array([True, True, True, False])
    )
    np.testing.assert_array_equal(clip.data[:, 3, 4, 0], [0, 2, 8, 2])
    assert clip.dt == pytest.approx(0.1)
    assert clip.valid.tolist() == [True, True, True, False]


def test_last_frame_has_no_flow(path):
    clip = FlowReader(frame_size=(12, 16)).read(
        Source(path, num=9, fps=10.0), np.array([0.89, 0.95, 3.0]), np.ones(3, bool)
    )
    np.testing.assert_array_equal(clip.data[:, 0, 0, 0], [8, 8, 8])
    assert clip.valid.tolist() == [True, False, False]


def test_vectors_scale_with_the_field(path):
    source, times = Source(path, num=9, fps=10.0), np.array([0.45])
    half = FlowReader(frame_size=(6, 8)).read(source, times, np.ones(1, bool)).data
    np.testing.assert_array_equal(half, np.broadcast_to(np.float32([2, -1]), (1, 6, 8, 2)))
    padded = FlowReader(frame_size=(24, 40)).read(source, times, np.ones(1, bool)).data
    np.testing.assert_array_equal(padded[0, :, 4:36], np.broadcast_to(np.float32([8, -4]), (24, 32, 2)))
    assert np.abs(padded[0, :, :4]).max() == np.abs(padded[0, :, 36:]).max() == 0


def test_varying_rate_is_normalized(path):
    times = (0.0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    source = Source(path, num=9, times=times)
    clip = FlowReader(frame_size=(12, 16)).read(source, np.array([0.15, 0.3]), np.ones(2, bool))
    assert clip.dt == pytest.approx(0.1)
    np.testing.assert_allclose(clip.data[:, 0, 0], [[1, -2], [1, -1]], atol=1e-6)  # 2 px in 0.2 s is 1 px in 0.1 s


def test_wrong_number_of_fields_is_refused(path):
    with pytest.raises(InputError, match=r"a.flow' must hold 10 fields, got 9; extract the flow again"):
        FlowReader(frame_size=(12, 16)).read(Source(path, num=10, fps=10.0), np.array([0.0]), np.ones(1, bool))


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none.flow', which does not exist; extract the flow again"):
        FlowReader(frame_size=(12, 16)).read(
            Source(tmp_path / "none.flow", num=1, fps=1.0), np.zeros(1), np.ones(1, bool)
        )


def test_blank_clip_has_no_motion():
    clip = FlowReader(frame_size=(4, 6)).blank(np.array([0.0, 1.0]))
    assert clip.data.shape == (2, 4, 6, 2)
    assert not clip.data.any()
    assert not clip.valid.any()
