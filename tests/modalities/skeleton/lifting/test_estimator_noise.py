import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.lifting import EstimatorNoise

JOINTS = ("head", "left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee")


def test_no_noise_changes_nothing():
    pixels = np.random.default_rng(0).uniform(0, 100, (30, 7, 2)).astype(np.float32)
    visible = np.ones((30, 7), bool)
    no_noise = EstimatorNoise(jitter=0, outliers=0, swaps=0, missing=0, hidden_legs=0)
    unchanged, still_visible = no_noise(pixels, visible, JOINTS, np.random.default_rng(1))
    np.testing.assert_array_equal(unchanged, pixels)
    assert still_visible.all()


def test_same_generator_gives_same_noise():
    pixels = np.random.default_rng(0).uniform(0, 100, (30, 7, 2)).astype(np.float32)
    visible = np.ones((30, 7), bool)
    first, second = (EstimatorNoise()(pixels, visible, JOINTS, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_noise_has_its_declared_size():
    rng = np.random.default_rng(0)
    pixels = np.repeat(rng.uniform(0, 100, (1, 7, 2)), 4000, 0)
    visible = np.ones((4000, 7), bool)
    size = np.sqrt(((pixels[0] - pixels[0].mean(0)) ** 2).sum(-1).mean())
    ratios = []
    for seed in range(40):
        noise = EstimatorNoise(jitter=0.1, outliers=0, swaps=0, missing=0.05, hidden_legs=0)
        noisy, still_visible = noise(pixels, visible, JOINTS, np.random.default_rng(seed))
        ratios.append((np.std(noisy - pixels) / size, 1 - still_visible.mean()))
    level, missing = np.mean(ratios, 0)
    assert level == pytest.approx(0.1, rel=0.2)  # 0.3 to 1.7 times as much, evenly
    assert missing == pytest.approx(0.05, abs=0.01)


def test_sides_swap_and_legs_hide():
    pixels = np.arange(12 * 7 * 2, dtype=np.float32).reshape(12, 7, 2)
    noise = EstimatorNoise(jitter=0, outliers=0, swaps=1, missing=0, hidden_legs=1)
    pairs = {"shoulder": [1, 2], "hip": [3, 4]}
    for seed in range(10):
        noisy, still_visible = noise(pixels, np.ones((12, 7), bool), JOINTS, np.random.default_rng(seed))
        assert still_visible.all(0).tolist() == [True] * 5 + [False] * 2
        changed = (noisy != pixels).any((0, 2))
        assert changed.any()
        for pair in pairs.values():
            frames = (noisy[:, pair] != pixels[:, pair]).any((1, 2))
            np.testing.assert_array_equal(noisy[frames][:, pair], pixels[frames][:, pair[::-1]])
        assert not changed[0]


def test_negative_values_are_refused():
    with pytest.raises(InputError, match=r"EstimatorNoise\.missing must be 0 or more, got -0\.1"):
        EstimatorNoise(missing=-0.1)
