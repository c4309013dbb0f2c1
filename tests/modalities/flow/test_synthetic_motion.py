import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.flow.synthetic_motion import (
    Layer,
    homography_flow,
    move_layers,
    random_blob,
    random_homography,
    random_pair,
)


def translation(x, y):
    return np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])


def textures(num, height=40, width=60):
    rng = np.random.default_rng(5)
    return [np.kron(rng.integers(0, 255, (height // 4, width // 4, 3)), np.ones((4, 4, 1))).astype(np.uint8)] + [
        np.full((height, width, 3), 40 * number, np.uint8) for number in range(1, num)
    ]


def test_moving_square_covers_the_background():
    background, piece = textures(2)
    mask = np.zeros((40, 60), np.float32)
    mask[10:20, 10:20] = 1
    whole = np.ones((40, 60), np.float32)
    pair = move_layers([Layer(background, whole, np.eye(3)), Layer(piece, mask, translation(5, 3))])
    np.testing.assert_array_equal(pair.first[10:20, 10:20], piece[10:20, 10:20])
    np.testing.assert_array_equal(pair.second[13:23, 15:25], piece[10:20, 10:20])
    np.testing.assert_array_equal(pair.second[10:13, 10:20], background[10:13, 10:20])  # uncovered
    expected = np.zeros((40, 60, 2), np.float32)
    expected[10:20, 10:20] = 5, 3
    np.testing.assert_array_equal(pair.flow, expected)
    covered = np.zeros((40, 60), bool)
    covered[13:23, 15:25] = True
    covered[10:20, 10:20] = False  # the piece itself arrives
    np.testing.assert_array_equal(~pair.visible, covered)


def test_points_outside_are_not_visible():
    (background,) = textures(1)
    pair = move_layers([Layer(background, np.ones((40, 60), np.float32), translation(-7, 0))])
    np.testing.assert_array_equal(pair.second[:, :53], pair.first[:, 7:])
    assert (pair.flow == (-7, 0)).all()
    assert pair.visible[:, 7:].all()
    assert not pair.visible[:, :7].any()


def test_homography_flow_of_a_rotation():
    rotation = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])  # (x, y) to (−y, x)
    np.testing.assert_array_equal(homography_flow(rotation, 2, 3)[1, 2], [-3, 1])


def test_flow_explains_random_pairs():
    """Visible points keep their colour, on smooth images with random motions."""
    y, x = np.mgrid[:64, :96] / 20
    smooth = [(120 + 60 * np.sin(np.stack([x + k, y - k, x + y], -1))).astype(np.uint8) for k in range(3)]
    for seed in range(6):
        pair = random_pair(smooth, np.random.default_rng(seed), max_shift=8, static_ratio=0.3)
        rows, columns = np.nonzero(pair.visible)
        ends = np.rint(np.stack([columns, rows], -1) + pair.flow[rows, columns]).astype(int)
        colors_after = pair.second[ends[:, 1], ends[:, 0]].astype(int)
        error = np.abs(colors_after - pair.first[rows, columns]).mean()
        assert error < 6, seed
        assert np.isfinite(pair.flow).all()


def test_equal_seeds_give_equal_pairs():
    pairs = [random_pair(textures(3), np.random.default_rng(1)) for _ in range(2)]
    for first, second in zip(*pairs, strict=True):
        np.testing.assert_array_equal(first, second)


def test_random_shifts_are_bounded():
    rng = np.random.default_rng(0)
    motions = [random_homography(rng, (100, 100), max_shift=10.0) for _ in range(50)]
    middle = [homography_flow(motion, 100, 100)[50, 50] for motion in motions]
    assert 1 < np.linalg.norm(middle, axis=-1).mean() < 10


def test_random_blobs_are_masks():
    rng = np.random.default_rng(0)
    masks = [random_blob(rng, (50, 80)) for _ in range(20)]
    assert all(mask.shape == (50, 80) and mask.min() >= 0 and mask.max() <= 1 for mask in masks)
    assert np.mean([mask.mean() for mask in masks]) > 0.02


def test_background_must_fill_the_frame():
    with pytest.raises(InputError, match="begin with a background that fills the frame"):
        move_layers([Layer(*textures(1), np.zeros((40, 60), np.float32), np.eye(3))])
