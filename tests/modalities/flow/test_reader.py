import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.flow import FlowReader, FlowWriter


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


def read_stacks(path, times, *, stack, num=9, fps=10.0, frame_size=(12, 16)):
    reader = FlowReader(frame_size=frame_size, stack=stack)
    return reader.read(Source(path, num=num, fps=fps), np.array(times), np.ones(len(times), bool))


def test_stack_holds_consecutive_fields(path):
    clip = read_stacks(path, [0.0, 0.25], stack=3)
    assert clip.data.shape == (2, 3, 12, 16, 2)
    assert clip.data[:, :, 3, 4, 0].tolist() == [[0, 1, 2], [2, 3, 4]]
    assert clip.valid.tolist() == [True, True]


def test_last_stack_moves_back(path):
    clip = read_stacks(path, [0.55, 0.65, 0.85, 0.95], stack=4)
    assert clip.data[:, :, 0, 0, 0].tolist() == [[5, 6, 7, 8]] * 4
    assert clip.valid.tolist() == [True, True, True, False]  # at 0.95 s the last frame is on display


def test_short_record_pads_its_stack(path):
    clip = read_stacks(path, [0.0, 0.5], stack=11)
    assert clip.data[:, :, 0, 0, 0].tolist() == [[0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0]] * 2
    assert not clip.data[:, 9:].any()
    assert clip.valid.tolist() == [False, False]


def test_stack_of_one_equals_field(path):
    times = [0.0, 0.45, 0.95]
    stacked = read_stacks(path, times, stack=1, frame_size=(24, 40))
    plain = read_stacks(path, times, stack=None, frame_size=(24, 40))
    np.testing.assert_array_equal(stacked.data[:, 0], plain.data)
    assert stacked.valid.tolist() == plain.valid.tolist()


def test_stack_of_varying_rate_is_normalized(path):
    times = (0.0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    reader = FlowReader(frame_size=(12, 16), stack=3)
    clip = reader.read(Source(path, num=9, times=times), np.array([0.15]), np.ones(1, bool))
    np.testing.assert_allclose(clip.data[0, :, 0, 0], [[1, -2], [1, -1], [3, -2]], atol=1e-6)


def test_blank_stack_has_the_axis():
    clip = FlowReader(frame_size=(4, 6), stack=5).blank(np.array([0.0, 1.0]))
    assert clip.data.shape == (2, 5, 4, 6, 2)


def test_stack_must_be_positive():
    with pytest.raises(InputError, match=r"FlowReader.stack must be at least 1 field, or None, got 0"):
        FlowReader(frame_size=(4, 6), stack=0)
