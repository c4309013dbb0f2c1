import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import Source

ENTRY = {"path": "a.npz", "num": 4, "fps": 10.0, "size": [60, 80]}


def test_row_of_the_index_is_read(tmp_path):
    source = Source.from_record(ENTRY, tmp_path)
    assert (source.path, source.num, source.size_hw) == (tmp_path / "a.npz", 4, (60, 80))


def test_wrong_size_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"source '.*' must be \[height, width\] in pixels, got \[0, 80\]"):
        Source.from_record(ENTRY | {"size": [0, 80]}, tmp_path)


def test_last_entry_lasts_like_previous(tmp_path):
    source = Source(tmp_path / "a", 3, times=(0.0, 0.5, 0.75), offset=1.0)
    assert source.entry_times.tolist() == [1.0, 1.5, 1.75]
    assert source.end == 2.0
    assert source.locate(np.array([0.0, 1.6, 9.0])).tolist() == [0, 1, 2]


def test_positions_and_times_are_inverse():
    constant = Source("v", 4, fps=10.0, offset=2.0)
    np.testing.assert_allclose(constant.positions_at(np.array([1.9, 2.0, 2.25, 2.9])), [-1, 0, 2.5, 9])
    np.testing.assert_allclose(constant.times_at(np.array([-1.0, 0.0, 2.5, 9.0])), [1.9, 2.0, 2.25, 2.9])
    varying = Source("v", 4, times=(0.0, 0.1, 0.5, 0.7), offset=1.0)
    times = np.array([0.9, 1.0, 1.3, 1.5, 2.1])
    np.testing.assert_allclose(varying.positions_at(times), [-1, 0, 1.5, 2, 5])
    np.testing.assert_allclose(varying.times_at(varying.positions_at(times)), times)


def test_single_interval_counts_as_second():
    source = Source("v", 1, times=(0.5,))
    assert source.positions_at(np.array([0.5, 1.5])).tolist() == [0, 1]
    assert source.times_at(np.array([0.0, 2.0])).tolist() == [0.5, 2.5]
