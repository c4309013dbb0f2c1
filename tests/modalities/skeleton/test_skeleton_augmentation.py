"""What a view does to skeletons beside crop and flip: rotation about three axes, size, noise."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from modalities.checks import InputError
from modalities.seeding import derive_rng
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import CenterOnRoot, ScaleByTorso, SkeletonTransform
from modalities.skeleton.transforms.noise import normal

HOME, JHMDB = get_layout("minihome16"), get_layout("jhmdb15")
CANVAS = (120, 160)


def batch_of(*views: SpatialAugmentation) -> dict[str, Tensor]:
    return {
        field.name: torch.tensor([float(getattr(v, field.name)) for v in views])
        for field in fields(SpatialAugmentation)
    }


def entry(layout=HOME, *, batch: int = 1, persons: int = 1, times: int = 4) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(batch, persons, times, layout.num_joints, layout.dims, generator=generator) + 3
    return {
        "data": points,
        "scores": torch.ones(points.shape[:-1]),
        "valid": torch.ones(points.shape[:-2], dtype=torch.bool),
    }


def seen_through(entry_: dict[str, Tensor], *views: SpatialAugmentation, layout=HOME) -> Tensor:
    """``[B, M, T, V, C]``"""
    data, _ = SkeletonTransform(layout=layout.name, frame_size=CANVAS)(entry_, batch_of(*views))
    return data.permute(0, 1, 3, 4, 2)


# ---- rotation and size --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (SpatialAugmentation(rotate=np.pi / 2), [1, 2, -1]),  # what was to the right lies in front
        (SpatialAugmentation(tilt=np.pi / 2), [1, -1, 2]),  # what was below lies behind, what lay behind is above
        (SpatialAugmentation(roll=np.pi / 2), [-2, 1, 1]),  # what was to the right lies below
        (SpatialAugmentation(scale=1.5), [1.5, 3, 1.5]),
        (SpatialAugmentation(rotate=np.pi / 2, tilt=np.pi / 2, roll=np.pi / 2), [-1, 1, 2]),  # in this order
    ],
)
def test_turns_by_hand(view: SpatialAugmentation, expected: list[float]):
    clip = entry()
    clip["data"][0, 0, 0, HOME.root] = torch.tensor([5.0, 5.0, 5.0])
    clip["data"][0, 0, 0, 6] = torch.tensor([6.0, 7.0, 6.0])  # (1, 2, 1) from the root
    turned = seen_through(clip, view)[0, 0, 0]
    torch.testing.assert_close(turned[6] - turned[HOME.root], torch.tensor(expected).float(), atol=1e-5, rtol=0)
    torch.testing.assert_close(turned[HOME.root], torch.tensor([5.0, 5.0, 5.0]))


def test_turning_keeps_distances_and_size_multiplies_them():
    clip = entry(persons=2)
    before = torch.pdist(clip["data"].flatten(0, 3))
    turned = seen_through(clip, SpatialAugmentation(rotate=0.3, tilt=-0.8, roll=2.0))
    torch.testing.assert_close(torch.pdist(turned.flatten(0, 3)), before, atol=1e-4, rtol=1e-4)
    larger = seen_through(clip, SpatialAugmentation(rotate=0.3, tilt=-0.8, roll=2.0, scale=1.25))
    torch.testing.assert_close(torch.pdist(larger.flatten(0, 3)), 1.25 * before, atol=1e-4, rtol=1e-4)


def test_without_depth_a_roll_turns_the_picture_and_a_tilt_flattens():
    clip = entry(JHMDB)
    clip["data"][0, 0, 0, JHMDB.root] = torch.tensor([40.0, 30.0])
    clip["data"][0, 0, 0, 5] = torch.tensor([60.0, 90.0])
    assert seen_through(clip, SpatialAugmentation(roll=np.pi / 2), layout=JHMDB)[0, 0, 0, 5].tolist() == pytest.approx(
        [-20, 50]
    )
    assert seen_through(clip, SpatialAugmentation(tilt=np.pi / 3), layout=JHMDB)[0, 0, 0, 5].tolist() == pytest.approx(
        [60, 60]
    )


def test_samples_turn_each_by_its_own_view():
    clip = entry(batch=2)
    view = SpatialAugmentation(tilt=0.5, roll=0.2, scale=0.8, noise=0.1, noise_seed=7)
    both = seen_through(clip, SpatialAugmentation(), view)
    torch.testing.assert_close(both[0], clip["data"][0])
    alone = seen_through({name: value[1:] for name, value in clip.items()}, view)
    assert torch.equal(both[1], alone[0])


def test_a_step_before_the_view_does_not_undo_it():
    """A size is gone after division by the torso, and remains where the division comes first."""
    clip, view = entry(), batch_of(SpatialAugmentation(scale=1.5))
    steps = [CenterOnRoot(), ScaleByTorso()]
    plain, _ = SkeletonTransform(layout=HOME.name, frame_size=CANVAS, steps=steps)(
        clip, batch_of(SpatialAugmentation())
    )
    after, _ = SkeletonTransform(layout=HOME.name, frame_size=CANVAS, steps=steps)(clip, view)
    before, _ = SkeletonTransform(layout=HOME.name, frame_size=CANVAS, pre_steps=steps)(clip, view)
    torch.testing.assert_close(after, plain)
    torch.testing.assert_close(before, 1.5 * plain)


# ---- noise --------------------------------------------------------------------------------------------------------


def test_noise_is_normal_and_white():
    noise = normal(torch.tensor([3.0, 4.0]), (2, 100, 25, 3)).double()
    assert noise.shape == (2, 2, 100, 25, 3)
    flat = noise.flatten()
    count = flat.numel()
    assert flat.mean().abs() < 4 / count**0.5
    assert flat.std().item() == pytest.approx(1, abs=4 / (2 * count) ** 0.5)
    assert (flat.abs() > 1.959964).double().mean().item() == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / count) ** 0.5)
    for lag in (1, 3, 75):
        assert (flat[:-lag] * flat[lag:]).mean().abs() < 4 / count**0.5
    assert (noise[0] * noise[1]).mean().abs() < 4 / (count / 2) ** 0.5  # neighbouring seeds share nothing


def test_noise_has_the_asked_spread_in_torsos():
    clip = entry(times=400)
    pelvis, neck = HOME.root, HOME.index("neck")
    clip["data"][..., pelvis, :], clip["data"][..., neck, :] = 0.0, torch.tensor([0.0, 0.5, 0.0])
    changes = seen_through(clip, SpatialAugmentation(noise=0.2, noise_seed=1)) - clip["data"]
    assert changes.std().item() == pytest.approx(0.1, rel=0.03)  # a fifth of half a metre
    again, other = (
        seen_through(clip, SpatialAugmentation(noise=0.2, noise_seed=seed)) - clip["data"] for seed in (1, 2)
    )
    assert torch.equal(again, changes)
    assert not torch.isclose(other, changes).any(-1).all()


def test_noise_leaves_lost_joints_and_absent_persons_alone():
    clip = entry(persons=2)
    clip["scores"][0, 1], clip["scores"][0, 0, 2, 4] = 0, 0
    noisy = seen_through(clip, SpatialAugmentation(noise=0.1))
    assert not noisy[0, 1].any()
    assert not noisy[0, 0, 2, 4].any()
    assert (noisy[0, 0, 1] != clip["data"][0, 0, 1]).all()


def test_noise_does_not_depend_on_who_else_is_in_the_batch():
    """Persons are padded to the largest number in a batch."""
    one = normal(torch.tensor([9]), (1, 5, 16, 3))
    assert torch.equal(normal(torch.tensor([2, 9]), (3, 5, 16, 3))[1, :1], one[0])


# ---- drawing ------------------------------------------------------------------------------------------------------


def test_views_are_a_function_of_seed_epoch_and_id():
    draw = RandomSpatialAugmentation(rotate=30, tilt=20, roll=10, scale=0.2, noise=0.01)
    assert draw(derive_rng(0, 3, "clip")) == draw(derive_rng(0, 3, "clip"))
    views = [draw(derive_rng(0, epoch, "clip")) for epoch in range(200)]
    assert len({view.noise_seed for view in views}) == 200
    for name, largest in (("rotate", np.pi / 6), ("tilt", np.pi / 9), ("roll", np.pi / 18)):
        angles = sorted(getattr(view, name) for view in views)
        assert -largest <= angles[0] < -0.9 * largest
        assert 0.9 * largest < angles[-1] <= largest
        assert max(later - earlier for earlier, later in pairwise(angles)) < 0.15 * largest
    assert 0.8 <= min(view.scale for view in views) < 0.82 < 1.18 < max(view.scale for view in views) <= 1.2
    assert all(float(np.float32(view.noise_seed)) == view.noise_seed for view in views)


def test_without_options_skeletons_are_left_alone():
    view = RandomSpatialAugmentation(flip=0.0)(derive_rng(1))
    assert (view.rotate, view.tilt, view.roll, view.scale, view.noise) == (0, 0, 0, 1, 0)


def test_impossible_views_are_refused():
    with pytest.raises(InputError, match=r"RandomSpatialAugmentation.scale must be in \[0, 1\), got 1.0"):
        RandomSpatialAugmentation(scale=1.0)
    with pytest.raises(InputError, match=r"RandomSpatialAugmentation.noise must be at least 0, got -0.1"):
        RandomSpatialAugmentation(noise=-0.1)
    with pytest.raises(InputError, match=r"SpatialAugmentation.scale must be positive, got 0"):
        SpatialAugmentation(scale=0)
