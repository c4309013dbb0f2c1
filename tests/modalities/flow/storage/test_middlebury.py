import numpy as np
import pytest
from flo_files import write_flo

from triad.modalities.checks import InputError
from triad.modalities.flow import read_flo


def test_read_flo_masks_unknown_flow(tmp_path):
    flow = np.array([[[1, 2], [3, -4], [0.5, 0]], [[7, 8], [1e10, 0], [np.nan, 1]]], np.float32)
    write_flo(tmp_path / "a.flo", flow)
    assert (tmp_path / "a.flo").read_bytes()[:12] == b"PIEH" + b"\3\0\0\0" + b"\2\0\0\0"
    read, valid = read_flo(tmp_path / "a.flo")
    assert valid.tolist() == [[True, True, True], [True, False, False]]
    np.testing.assert_array_equal(read[valid], flow[valid])
    assert not read[~valid].any()


def test_read_flo_refuses_other_files(tmp_path):
    path = tmp_path / "a.flo"
    write_flo(path, np.zeros((2, 3, 2), np.float32))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="must hold 2 × 3 vectors"):
        read_flo(path)
    path.write_bytes(b"PNG?" * 9)
    with pytest.raises(InputError, match=r"a .flo file of the Middlebury format"):
        read_flo(path)
