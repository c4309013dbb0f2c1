import cv2
import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.storage.denseflow import DenseflowPairs


def write_pairs(folder, codes, names=("flow_x_{:05d}.jpg", "flow_y_{:05d}.jpg"), first=1):
    """Write codes uint8 ``[T, H, W, 2]`` as pairs of images."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, pair in enumerate(codes, first):
        for axis, name in enumerate(names):
            cv2.imwrite(str(folder / name.format(number)), pair[..., axis])
    return folder


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (("flow_x_{:05d}.jpg", "flow_y_{:05d}.jpg"), 1),
        (("x_{:05d}.jpg", "y_{:05d}.jpg"), 0),
        (("u_{:06d}.png", "v_{:06d}.png"), 7),
    ],
)
def test_values_by_naming_scheme(tmp_path, names, first):
    codes = np.full((3, 6, 8, 2), 128, np.uint8)
    codes[1] = 0, 255
    folder = write_pairs(tmp_path / "clip", codes, names, first)
    cv2.imwrite(str(folder / "img_00001.jpg"), codes[0, ..., 0])  # colour frames are ignored
    pairs = DenseflowPairs(folder, bound=20.0)
    assert pairs.num == 3
    static = pairs.read(0)
    np.testing.assert_allclose(static.flow, 20 / 255, atol=1e-5)  # 128 is the step nearest to 0, half a step above it
    assert static.clipped == 0
    extreme = pairs.read(1)
    np.testing.assert_array_equal(extreme.flow, np.broadcast_to(np.float32([-20, 20]), (6, 8, 2)))
    assert extreme.clipped == 6 * 8 * 2


def test_codes_invert_denseflow_rounding():
    """A component that denseflow wrote is read within half of its step."""
    values = np.linspace(-20, 20, 101)
    codes = np.rint(255 * (values + 20) / 40)
    assert np.abs((codes / 127.5 - 1) * 20 - values).max() <= 40 / 255 / 2 + 1e-9


def test_damaged_folders_are_refused(tmp_path):
    codes = np.full((3, 6, 8, 2), 100, np.uint8)
    folder = write_pairs(tmp_path / "clip", codes)
    (folder / "flow_y_00002.jpg").unlink()
    with pytest.raises(InputError, match=r"flow_x_00002.jpg' must have its vertical component beside it"):
        DenseflowPairs(folder)
    (folder / "flow_x_00002.jpg").unlink()
    with pytest.raises(InputError, match="numbered without a gap, got no number 2"):
        DenseflowPairs(folder)
    folder = write_pairs(tmp_path / "sizes", codes)
    cv2.imwrite(str(folder / "flow_y_00003.jpg"), np.zeros((4, 8), np.uint8))
    (folder / "flow_x_00001.jpg").write_bytes(b"no picture")
    pairs = DenseflowPairs(folder)
    with pytest.raises(InputError, match=r"flow_y_00003.jpg' must be 6 × 8 as 'flow_x_00003.jpg', got 4 × 8"):
        pairs.read(2)
    with pytest.raises(InputError, match=r"flow_x_00001.jpg' must be a picture"):
        pairs.read(0)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="hold flow_x_"):
        DenseflowPairs(tmp_path / "empty")
    cv2.imwrite(str(folder / "x_00001.jpg"), codes[0, ..., 0])
    with pytest.raises(InputError, match=r"per number and component, got 'flow_x_00001.jpg' and 'x_00001.jpg'"):
        DenseflowPairs(folder)


def test_components_in_folders_of_their_own(tmp_path):
    codes = np.full((3, 6, 8, 2), 128, np.uint8)
    codes[2] = 0, 255
    for axis, name in enumerate("uv"):
        (tmp_path / name).mkdir()
        for number in range(3):
            cv2.imwrite(str(tmp_path / name / f"frame{number + 1:06d}.png"), codes[number, ..., axis])
    pairs = DenseflowPairs(tmp_path / "u", tmp_path / "v")
    assert pairs.num == 3
    np.testing.assert_array_equal(pairs.read(2).flow, np.broadcast_to(np.float32([-20, 20]), (6, 8, 2)))
    (tmp_path / "v/frame000002.png").unlink()
    with pytest.raises(InputError, match=r"u/frame000002.png' must have its vertical component beside it"):
        DenseflowPairs(tmp_path / "u", tmp_path / "v")
