from __future__ import annotations

import numpy as np
import pytest
from depth_files import write_depth_folder, write_depth_video

from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.depth.modality import MODALITY, describe_depth
from triad.modalities.modality import get_modality, modality_of_stream
from triad.modalities.seeding import derive_rng

PICTURES = np.full((5, 4, 6), 1500, np.uint16)


def test_depth_is_registered():
    assert get_modality("depth") is MODALITY
    assert modality_of_stream("depth_left") is MODALITY


def test_video_has_its_own_clock(tmp_path):
    path = write_depth_video(tmp_path / "d.mkv", PICTURES, fps=5)
    assert describe_depth(path, {"num": 9, "fps": 30.0}, None) == {"num": 5, "fps": 5.0}


def test_folder_takes_clock_of_equal_video(tmp_path):
    path = write_depth_folder(tmp_path / "d", PICTURES)
    assert describe_depth(path, {"num": 5, "fps": 30.0}, None) == {"num": 5, "fps": 30.0}
    assert describe_depth(path, None, 15.0) == {"num": 5, "fps": 15.0}
    with pytest.raises(InputError, match="got 5 pictures and 9 frames; add column fps"):
        describe_depth(path, {"num": 9, "fps": 30.0}, None)
    with pytest.raises(InputError, match="got 5 pictures and no video; add column fps"):
        describe_depth(path, None, None)


def test_inspection_counts_pictures(tmp_path):
    path = write_depth_folder(tmp_path / "d", PICTURES)
    inspect = MODALITY.files.inspector()
    assert inspect(Source(path, 5, fps=10.0), {"modality": "depth"}).num == 5
    assert MODALITY.files.is_there(path)
    assert MODALITY.files.frame_size(Source(path, 5, fps=10.0)) == (4, 6)


def test_random_clip_has_missing_depth():
    blank = MODALITY.default_reader({"modality": "depth", "unit": 0.01}, (8, 8)).blank(np.zeros(3))
    clip = MODALITY.randomize(MODALITY.fill(blank, 1), derive_rng("depth"))
    assert clip.valid.all()
    assert 0.02 < (clip.data == 0).mean() < 0.25
    assert clip.data.max() <= 5
