import numpy as np
import pytest

from triad.fusion.index import load_index
from triad.fusion.rendering.sample_video import GAP, HEADER, compose_page, record_fps, render_video
from triad.modalities.checks import InputError
from triad.modalities.video import probe, read_frames


def test_every_frame_is_a_page(tiny, tmp_path):
    index = load_index(tiny)
    assert render_video(index, "left_s01", tmp_path / "a.mp4", height=96) == 10
    info = probe(tmp_path / "a.mp4")
    assert (info.num_frames, info.fps) == (10, 10.0)
    assert info.width == 2 * (128 + GAP) + GAP  # frames and skeleton
    pages = read_frames(tmp_path / "a.mp4", [0, 5, 9])[:, HEADER : HEADER + 96, GAP : GAP + 128].astype(int)
    # the square moves to the left by 2 pixels a frame, here 4
    columns = [np.abs(picture - 90).sum(axis=(0, 2)).argmax() for picture in (pages[0], pages[2])]
    assert columns[0] > columns[1]


def test_page_has_pictures_side_by_side():
    cells = {"rgb": np.zeros((40, 60, 3), np.uint8), "flow_dis": np.full((40, 60, 3), 255, np.uint8)}
    page = compose_page(cells, title=("Sit down", "a  ·  b"), time=0.5)
    assert (page[HEADER : HEADER + 40, GAP : GAP + 60] == 0).all()
    assert (page[HEADER : HEADER + 40, 2 * GAP + 60 : 2 * GAP + 120] == 255).all()


def test_rate_is_that_of_the_video():
    assert record_fps({"sources": {"rgb": {"num": 9, "fps": 25.0}, "skeleton": {"num": 9, "fps": 30.0}}}) == 25
    assert record_fps({"sources": {"rgb": {"num": 3, "times": [0.0, 0.1, 0.5]}}}) == pytest.approx(4)
    assert record_fps({"sources": {"skeleton": {"num": 1, "times": [0.0]}}}) == 1


def test_unknown_sample_writes_no_file(tiny, tmp_path):
    with pytest.raises(InputError, match="the nearest are"):
        render_video(load_index(tiny), "left_s99", tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())
