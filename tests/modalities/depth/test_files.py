"""16-bit videos and folders of pictures give back what was stored; anything else is one clear line."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from depth_files import write_depth_folder, write_depth_video

from triad.modalities.checks import InputError
from triad.modalities.depth.files import count_depth, list_pictures, probe_depth, read_depth
from triad.modalities.video import write_video

PICTURES = np.arange(12 * 4 * 6, dtype=np.uint16).reshape(12, 4, 6) * 200


@pytest.mark.parametrize(("name", "codec", "pix_fmt"), [("a.mkv", "ffv1", "gray16le"), ("a.mov", "png", "gray16be")])
def test_video_gives_stored_values(tmp_path, name, codec, pix_fmt):
    path = write_depth_video(tmp_path / name, PICTURES, codec=codec, pix_fmt=pix_fmt)
    values = read_depth(path, np.array([3, 0, 3, 11]))
    assert values.dtype == np.uint16
    np.testing.assert_array_equal(values, PICTURES[[3, 0, 3, 11]])
    assert probe_depth(path) == (12, 4, 6, 10.0, None)
    assert count_depth(path) == 12


def test_folder_is_read_in_numeric_order(tmp_path):
    path = write_depth_folder(tmp_path / "a", PICTURES)
    np.testing.assert_array_equal(read_depth(path, np.array([10, 2])), PICTURES[[10, 2]])
    assert [picture.name for picture in list_pictures(path)][:3] == ["depth_0.png", "depth_1.png", "depth_2.png"]
    assert probe_depth(path) == (12, 4, 6, None, None)
    assert count_depth(path) == 12
    with pytest.raises(InputError, match=r"picture of '.*' must be below 12, got 12; prepare the dataset again"):
        read_depth(path, np.array([12]))


def test_eight_bit_video_is_refused(tmp_path):
    write_video(tmp_path / "rgb.mp4", [np.zeros((16, 16, 3), np.uint8)] * 2, fps=10)
    with pytest.raises(InputError, match=r"rgb.mp4' must be a video of 16-bit grey frames, got yuv420p; record"):
        count_depth(tmp_path / "rgb.mp4")
    grey = write_depth_video(tmp_path / "grey.mkv", PICTURES.astype(np.uint8), pix_fmt="gray")
    with pytest.raises(InputError, match=r"must be a video of 16-bit grey frames, got gray; record depth as lossless"):
        probe_depth(grey)


def test_bad_pictures_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"video must be a file, got '.*none.mkv', which does not exist"):
        count_depth(tmp_path / "none.mkv")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(InputError, match=r"must be a folder of PNG pictures, got no \.png file in it"):
        count_depth(folder)
    cv2.imwrite(str(folder / "0.png"), np.zeros((4, 6), np.uint8))
    with pytest.raises(InputError, match=r"0\.png' must be a picture of 16-bit grey, got uint8, 1 channels"):
        count_depth(folder)
    (folder / "0.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"0\.png' must be a PNG picture, got a file that does not decode"):
        count_depth(folder)
