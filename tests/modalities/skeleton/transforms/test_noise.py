import pytest
import torch
from skeleton_batches import HOME, random_joints

from triad.modalities.skeleton.transforms.noise import add_noise, hashed_normal


def test_noise_is_normal_and_white():
    noise = hashed_normal(torch.tensor([3.0, 4.0]), (2, 100, 25, 3)).double()
    assert noise.shape == (2, 2, 100, 25, 3)
    flat = noise.flatten()
    count = flat.numel()
    assert flat.mean().abs() < 4 / count**0.5
    assert flat.std().item() == pytest.approx(1, abs=4 / (2 * count) ** 0.5)
    assert (flat.abs() > 1.959964).double().mean().item() == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / count) ** 0.5)
    for lag in (1, 3, 75):
        assert (flat[:-lag] * flat[lag:]).mean().abs() < 4 / count**0.5
    assert (noise[0] * noise[1]).mean().abs() < 4 / (count / 2) ** 0.5  # neighbouring seeds are independent


def test_noise_ignores_other_samples():
    """Persons are padded to the largest number in a batch."""
    alone = hashed_normal(torch.tensor([9]), (1, 5, 16, 3))
    assert torch.equal(hashed_normal(torch.tensor([2, 9]), (3, 5, 16, 3))[1, :1], alone[0])


def test_spread_is_in_torso_lengths():
    points, visible = random_joints(batch=1, times=400)
    points[..., HOME.root, :] = 0.0
    points[..., HOME.index("neck"), :] = torch.tensor([0.0, 0.5, 0.0])
    noise = [
        add_noise(points, visible, HOME, sd=torch.tensor([0.2]), seed=torch.tensor([seed])) - points
        for seed in (1, 1, 2)
    ]
    assert noise[0].std().item() == pytest.approx(0.1, rel=0.03)  # a fifth of half a metre
    assert torch.equal(noise[1], noise[0])
    assert not torch.isclose(noise[2], noise[0]).any(-1).all()


def test_missing_joints_get_no_noise():
    points, visible = random_joints(batch=1, persons=2)
    visible[0, 1] = False
    visible[0, 0, 2, 4] = False
    points = points * visible[..., None]
    noisy = add_noise(points, visible, HOME, sd=torch.tensor([0.1]), seed=torch.tensor([0]))
    assert not noisy[0, 1].any()
    assert not noisy[0, 0, 2, 4].any()
    assert (noisy[0, 0, 1] != points[0, 0, 1]).all()
