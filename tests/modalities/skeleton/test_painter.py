import numpy as np
import pytest

from triad.modalities.clips import PoseClip
from triad.modalities.modality import Canvas
from triad.modalities.skeleton.painter import BACKGROUND, PosePainter, desaturate, fit_front_view


def make_clip(keypoints, scores=None, layout="minihome16"):
    times = keypoints.shape[1]
    scores = np.ones(keypoints.shape[:3], np.float32) if scores is None else scores
    return PoseClip(keypoints, scores, layout, np.arange(times) / 10, np.ones(times, bool))


def random_keypoints():
    return np.random.default_rng(0).normal(size=(2, 3, 16, 3)).astype(np.float32)


def test_front_view_fits_whole_clip():
    keypoints = random_keypoints()
    pixels = fit_front_view(make_clip(keypoints), (60, 80))(keypoints)
    assert (pixels >= 0).all()
    assert (pixels < (80, 60)).all()
    metres, pixel_extent = (np.ptp(array.reshape(-1, array.shape[-1]), axis=0) for array in (keypoints, pixels))
    assert pixel_extent[0] / metres[0] == pytest.approx(pixel_extent[1] / metres[1], rel=1e-4)  # one scale


def test_metres_are_drawn_from_the_front():
    clip = make_clip(random_keypoints())
    painter = PosePainter(clip, Canvas((60, 80)))
    assert "from the front" in painter.notes
    cells = painter.draw(clip, np.zeros((3, 60, 80, 3), np.uint8))
    assert [cell.shape for cell in cells] == [(60, 80, 3)] * 3
    assert tuple(cells[0][0, 0]) == (BACKGROUND,) * 3  # not on the frame


def test_pixels_are_drawn_on_pale_frames():
    keypoints = np.full((1, 1, 15, 2), 30, np.float32)
    clip = make_clip(keypoints, layout="jhmdb15")
    painter = PosePainter(clip, Canvas((60, 80)))
    assert painter.notes == ("15 joints", "left orange, right blue")
    frames = np.full((1, 60, 80, 3), (200, 0, 0), np.uint8)
    (cell,) = painter.draw(clip, frames)
    np.testing.assert_array_equal(cell[0, 0], desaturate(frames)[0, 0, 0])
    assert (cell[30, 30] != cell[0, 0]).any()


def test_absent_persons_leave_an_empty_picture():
    clip = make_clip(np.zeros((1, 1, 16, 3), np.float32), np.zeros((1, 1, 16), np.float32))
    (cell,) = PosePainter(clip, Canvas((60, 80))).draw(clip, None)
    assert (cell == BACKGROUND).all()
