import numpy as np
import pytest

from modalities.checks import InputError
from modalities.clips import Source

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
