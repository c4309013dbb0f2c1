from __future__ import annotations

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.trajectories import track_points


def make_clip(frames: int = 8, velocity: tuple[float, float] = (2.0, -1.0)) -> tuple[np.ndarray, np.ndarray]:
    """Textured frames and a constant flow."""
    texture = np.random.default_rng(0).integers(0, 255, (48, 64), np.uint8)
    fields = np.broadcast_to(np.float32(velocity), (frames - 1, 48, 64, 2)).copy()
    return np.stack([texture] * frames), fields


def test_points_follow_constant_flow():
    points, starts = track_points(*make_clip(), length=4, step=8)
    assert points.shape[1:] == (5, 2)
    np.testing.assert_allclose(np.diff(points, axis=1), np.broadcast_to([2.0, -1.0], points[:, 1:].shape), atol=1e-5)
    assert starts.min() == 0
    assert starts.max() <= 3  # the last that has four fields left
    assert (points >= 0).all()
    assert (points <= [63, 47]).all()


def test_first_points_lie_on_grid():
    points, starts = track_points(*make_clip(), length=4, step=8)
    assert set(points[starts == 0, 0, 0] % 8) == {4.0}
    assert set(points[starts == 0, 0, 1] % 8) == {4.0}


def test_still_points_are_left_out():
    points, _ = track_points(*make_clip(velocity=(0.1, 0.0)), length=4)
    assert len(points) == 0


def test_sudden_jump_is_left_out():
    frames, fields = make_clip(frames=5, velocity=(0.5, 0.0))
    fields[2] = [8.0, 0.0]
    assert len(track_points(frames, fields, length=4).points) == 0


def test_uniform_cells_have_no_points():
    frames, fields = make_clip()
    frames[:, :, 32:] = 128
    points, starts = track_points(frames, fields, length=4, step=8)
    assert points[starts == 0, 0, 0].max() < 40


def test_short_clip_gives_short_trajectories():
    points, starts = track_points(*make_clip(frames=4), length=15)
    assert points.shape[1] == 4
    assert set(starts) == {0}


def test_shapes_and_numbers_are_checked():
    frames, fields = make_clip()
    with pytest.raises(InputError, match="flow of the frames must have shape"):
        track_points(frames, fields[1:])
    with pytest.raises(InputError, match="have a positive length and step, got length=0, step=5"):
        track_points(frames, fields, length=0)
