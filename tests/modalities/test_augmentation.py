from itertools import pairwise

import numpy as np
import pytest

from triad.modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.seeding import derive_rng


def test_default_matrix_is_the_identity():
    np.testing.assert_array_equal(SpatialAugmentation().matrix((8, 8), (8, 8)), [[1, 0, 0], [0, 1, 0]])


def test_matrix_of_half_size():
    # the centre between input pixels 0 and 1 is output pixel 0
    np.testing.assert_array_equal(SpatialAugmentation().matrix((8, 8), (4, 4)), [[0.5, 0, -0.25], [0, 0.5, -0.25]])


def test_matrix_of_crop_and_flip():
    # the right half of a row of 8 pixels, mirrored: input pixel 4 becomes output pixel 3, input 7 becomes 0
    matrix = SpatialAugmentation(x=0.5, width=0.5, flip=True).matrix((8, 8), (8, 4))
    assert (matrix @ [4, 0, 1])[0] == 3
    assert (matrix @ [7, 0, 1])[0] == 0


def test_random_crops_lie_in_the_frame():
    rng = np.random.default_rng(0)
    augmentations = [RandomSpatialAugmentation(area=0.3, scale=0.2)(rng) for _ in range(50)]
    assert all(crop.x >= 0 and crop.x + crop.width <= 1 for crop in augmentations)
    assert all(0.3 <= crop.width * crop.height <= 1 for crop in augmentations)
    assert all(0.8 <= crop.scale <= 1.2 for crop in augmentations)
    assert {crop.flip for crop in augmentations} == {True, False}


def test_equal_seeds_give_equal_augmentations():
    draw = RandomSpatialAugmentation(area=0.5, color=0.2, rotate=30, noise=0.01)
    assert draw(np.random.default_rng(1)) == draw(np.random.default_rng(1))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: SpatialAugmentation(width=0), "SpatialAugmentation must have a box of positive size, got 0 × 1"),
        (lambda: SpatialAugmentation(scale=0), r"SpatialAugmentation.scale must be positive, got 0"),
        (lambda: RandomSpatialAugmentation(area=0), r"RandomSpatialAugmentation.area must be in \(0, 1\], got 0"),
        (lambda: RandomSpatialAugmentation(scale=1), r"RandomSpatialAugmentation.scale must be in \[0, 1\), got 1"),
        (lambda: RandomSpatialAugmentation(noise=-1), "RandomSpatialAugmentation.noise must be at least 0, got -1"),
    ],
)
def test_values_out_of_range_are_refused(build, message):
    with pytest.raises(InputError, match=message):
        build()


def test_skeletons_are_unchanged_by_default():
    crop = RandomSpatialAugmentation(flip=0.0)(derive_rng(1))
    assert (crop.rotate, crop.tilt, crop.roll, crop.scale, crop.noise) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize(("name", "largest"), [("rotate", np.pi / 6), ("tilt", np.pi / 9), ("roll", np.pi / 18)])
def test_angles_fill_their_range(name, largest):
    draw = RandomSpatialAugmentation(rotate=30, tilt=20, roll=10)
    angles = sorted(getattr(draw(derive_rng(0, epoch, "clip")), name) for epoch in range(200))
    assert -largest <= angles[0] < -0.9 * largest
    assert 0.9 * largest < angles[-1] <= largest
    assert max(later - earlier for earlier, later in pairwise(angles)) < 0.15 * largest


def test_noise_seeds_differ_and_fit_float32():
    draw = RandomSpatialAugmentation(noise=0.01)
    seeds = [draw(derive_rng(0, epoch, "clip")).noise_seed for epoch in range(200)]
    assert len(set(seeds)) == 200
    assert all(float(np.float32(seed)) == seed for seed in seeds)


@pytest.mark.parametrize("frame_hw", [(128, 171), (171, 128), (100, 100)])
def test_random_boxes_have_their_aspect(frame_hw):
    draw = RandomSpatialAugmentation(area=0.4, aspect=1.5)
    crops = [draw(derive_rng(0, epoch, "clip"), frame_hw) for epoch in range(50)]
    for crop in crops:
        assert crop.width * frame_hw[1] == pytest.approx(1.5 * crop.height * frame_hw[0])
        assert 0 <= crop.x <= crop.x + crop.width <= 1 + 1e-12
        assert 0 <= crop.y <= crop.y + crop.height <= 1 + 1e-12
    largest = min(frame_hw[1], 1.5 * frame_hw[0]) / frame_hw[1]
    assert max(crop.width for crop in crops) == pytest.approx(largest, rel=0.05)
    assert min(crop.width for crop in crops) >= np.sqrt(0.4) * largest


def test_aspect_needs_the_frame():
    with pytest.raises(InputError, match="frame of a crop with an aspect ratio must be given, got None"):
        RandomSpatialAugmentation(aspect=1.0)(derive_rng(0))
    with pytest.raises(InputError, match=r"RandomSpatialAugmentation.aspect must be positive or None, got -1"):
        RandomSpatialAugmentation(aspect=-1)


def test_default_draws_stay_as_they_were():
    """The same numbers as before boxes had an aspect of their own."""
    rng = derive_rng(3)
    side = float(np.sqrt(rng.uniform(0.5, 1.0)))
    x, y = rng.uniform(0, 1 - side, 2)
    crop = RandomSpatialAugmentation(area=0.5)(derive_rng(3), (24, 32))
    assert (crop.x, crop.y, crop.width, crop.height) == (x, y, side, side)
