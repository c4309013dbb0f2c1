from __future__ import annotations

import numpy as np
import pytest
from depth_files import write_depth_folder, write_depth_video

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.depth import DepthReader

PICTURES = np.full((4, 4, 8), 2000, np.uint16) + np.arange(4, dtype=np.uint16)[:, None, None] * 100
PICTURES[:, :, ::2] = 0  # every second column is missing


def test_clip_is_in_metres(tmp_path):
    source = Source(write_depth_video(tmp_path / "a.mkv", PICTURES), 4, fps=10.0)
    clip = DepthReader(frame_size=(4, 8)).read(source, np.array([0.0, 0.25, 0.35, 0.4]), np.ones(4, bool))
    np.testing.assert_allclose(clip.data[:, 0, 1, 0], [2.0, 2.2, 2.3, 2.3], rtol=1e-6)
    assert (clip.data[:, :, ::2] == 0).all()
    assert clip.valid.tolist() == [True, True, True, False]  # the last picture leaves the display at 0.4 s


@pytest.mark.parametrize("frame_size", [(2, 4), (9, 13), (8, 8)])
def test_letterbox_never_mixes_missing_and_measured(tmp_path, frame_size):
    source = Source(write_depth_folder(tmp_path / "a", PICTURES), 4, fps=10.0)
    data = DepthReader(frame_size=frame_size).read(source, np.zeros(1), np.ones(1, bool)).data
    assert data.shape == (1, *frame_size, 1)
    assert set(np.unique(data).round(6).tolist()) <= {0.0, 2.0}


def test_letterbox_pads_with_missing_depth():
    picture = np.full((2, 8), 1000, np.uint16)
    placed = DepthReader(frame_size=(8, 8)).fit(picture)[..., 0]
    np.testing.assert_allclose(placed[3:5], 1.0)
    assert (placed[:3] == 0).all()
    assert (placed[5:] == 0).all()


def test_unit_scales_stored_values():
    picture = np.full((2, 2), 500, np.uint16)
    np.testing.assert_allclose(DepthReader(frame_size=(2, 2), unit=0.0002).fit(picture), 0.1)
    with pytest.raises(InputError, match=r"DepthReader.unit must be a positive number of metres, got 0"):
        DepthReader(frame_size=(2, 2), unit=0)
    with pytest.raises(InputError, match=r"unit of stream 'd' must be 0.001 m as the reader's, got 0.0002 m; set the"):
        DepthReader(frame_size=(2, 2)).check_stored("stream 'd'", {"modality": "depth", "unit": 0.0002})
    DepthReader(frame_size=(2, 2)).check_stored("stream 'd'", {"modality": "depth"})


def test_folder_of_another_length_is_refused(tmp_path):
    source = Source(write_depth_folder(tmp_path / "a", PICTURES), 5, fps=10.0)
    with pytest.raises(InputError, match=r"depth '.*' must hold 5 pictures, got 4; prepare the dataset again"):
        DepthReader(frame_size=(4, 8)).read(source, np.zeros(1), np.ones(1, bool))


def test_shorter_video_is_refused(tmp_path):
    source = Source(write_depth_video(tmp_path / "a.mkv", PICTURES), 9, fps=10.0)
    with pytest.raises(InputError, match=r"frame of '.*' must be below 4, got 8; the file is shorter than its index"):
        DepthReader(frame_size=(4, 8)).read(source, np.array([0.85]), np.ones(1, bool))


def test_blank_clip_has_no_depth():
    clip = DepthReader(frame_size=(2, 3)).blank(np.arange(2.0))
    assert clip.data.shape == (2, 2, 3, 1)
    assert not clip.data.any()
    assert not clip.valid.any()
