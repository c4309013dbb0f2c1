import numpy as np
import pytest
import torch
from skeleton_batches import FRAME, JHMDB, make_entry, view_batch
from torch import Tensor

from triad.modalities.augmentation import SpatialAugmentation
from triad.modalities.checks import InputError
from triad.modalities.skeleton.transforms import HeatmapTransform

PLAIN = SpatialAugmentation()


def random_pixels(*, batch: int = 1, persons: int = 2, times: int = 3) -> dict[str, Tensor]:
    points = torch.rand(batch, persons, times, 15, 2, generator=torch.Generator().manual_seed(0))
    points = points * torch.tensor([60.0, 80.0]) + 40
    return make_entry(points, torch.ones(points.shape[:-1], dtype=torch.bool))


def test_maps_for_video_networks():
    entry = random_pixels(batch=2)
    entry["valid"][0, :, 2] = False  # an empty time
    entry["valid"][1, 1] = False  # an absent person
    transform = HeatmapTransform(layout="jhmdb15", frame_size=FRAME)
    maps, valid = transform(entry, view_batch(PLAIN, PLAIN))
    assert maps.shape == (2, 15, 3, 56, 56)
    assert transform.out_channels == 15
    assert valid.tolist() == [[True, True, False], [True, True, True]]
    assert not maps[0, :, 2].any()
    assert maps[0, :, :2].amax((2, 3)).min() > 0.3  # every joint is drawn
    limbs = HeatmapTransform(layout="jhmdb15", frame_size=FRAME, limbs=True)
    assert limbs(entry, view_batch(PLAIN, PLAIN))[0].shape == (2, 14, 3, 56, 56)
    assert limbs.out_channels == 14


def test_flip_mirrors_maps_and_swaps_sides():
    entry = random_pixels()
    transform = HeatmapTransform(layout="jhmdb15", frame_size=FRAME, padding=None)
    plain, _ = transform(entry, view_batch(PLAIN))
    mirrored, _ = transform(entry, view_batch(SpatialAugmentation(flip=True)))
    expected = plain.flip(-1)[:, list(JHMDB.mirror_index)]
    cut = np.exp(-4.5)  # as in mmaction2, a spot ends after three deviations at a whole pixel, left or right of it
    torch.testing.assert_close(mirrored, expected, atol=1.01 * cut, rtol=0)
    torch.testing.assert_close(mirrored.clamp(min=cut), expected.clamp(min=cut), atol=1e-4, rtol=0)


def test_crop_is_that_of_frames():
    """The pixel edge (80, 60) … (160, 120) is the crop: a joint at (120, 90) lies in its middle."""
    entry = random_pixels(persons=1, times=1)
    entry["data"][0, 0, 0, 0] = torch.tensor([119.5, 89.5])
    transform = HeatmapTransform(layout="jhmdb15", frame_size=FRAME, padding=None, size=(31, 41))
    maps, _ = transform(entry, view_batch(SpatialAugmentation(x=0.5, y=0.5, width=0.5, height=0.5)))
    assert maps[0, 0, 0, 15, 20] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("use_score", "height"), [(True, 0.3), (False, 1.0)])
def test_scores_are_heights(use_score: bool, height: float):
    entry = random_pixels(persons=1, times=1)
    entry["data"][0, 0, 0, 0] = torch.tensor([79.5, 59.5])
    entry["scores"][0, 0, 0, :2] = torch.tensor([0.3, 0.0])
    transform = HeatmapTransform(layout="jhmdb15", frame_size=FRAME, padding=None, size=(31, 41), use_score=use_score)
    maps, _ = transform(entry, view_batch(PLAIN))
    assert maps[0, 0, 0, 15, 20].item() == pytest.approx(height, abs=1e-4)
    assert not maps[0, 1].any()


@pytest.mark.parametrize("limbs", [False, True])
def test_empty_clip_gives_empty_maps(limbs: bool):
    entry = {name: torch.zeros_like(value) for name, value in random_pixels().items()}
    transform = HeatmapTransform(layout="jhmdb15", frame_size=FRAME, limbs=limbs)
    maps, valid = transform(entry, view_batch(SpatialAugmentation(noise=0.1)))
    assert maps.isfinite().all()
    assert not maps.any()
    assert not valid.any()


def test_wrong_arguments_are_refused():
    with pytest.raises(InputError, match=r"HeatmapTransform.layout must be in pixels, got the 3D 'ntu25'"):
        HeatmapTransform(layout="ntu25", frame_size=FRAME)
    with pytest.raises(InputError, match=r"HeatmapTransform.sigma must be positive, got 0"):
        HeatmapTransform(layout="coco17", frame_size=FRAME, sigma=0)
    with pytest.raises(InputError, match=r"HeatmapTransform.padding must be at least 0 or None, got -0.1"):
        HeatmapTransform(layout="coco17", frame_size=FRAME, padding=-0.1)
    with pytest.raises(InputError, match=r"'coco17' must have shape \[B, M, T, V=17, 2\], got .*15, 2\]"):
        HeatmapTransform(layout="coco17", frame_size=FRAME)(random_pixels(), view_batch(PLAIN))


def test_pixels_of_3d_joints_are_drawn():
    """The maps are those of the same pixels as 2D joints; unknown pixels are not drawn."""
    flat = random_pixels(persons=1, times=1)
    flat["data"] = flat["data"].repeat(1, 1, 1, 2, 1)[..., :16, :]
    flat["scores"] = torch.ones(1, 1, 1, 16)
    flat["data"][..., 3, :] = torch.nan
    spatial = {**flat, "data": torch.randn(1, 1, 1, 16, 3), "pixels": flat["data"]}
    options = {"frame_size": FRAME, "padding": None, "from_pixels": True}
    transform = HeatmapTransform(layout="minihome16", **options)
    maps, valid = transform(spatial, view_batch(PLAIN))
    assert valid.all()
    assert not maps[0, 3].any()
    known = [joint for joint in range(15) if joint != 3]
    expected, _ = HeatmapTransform(layout="jhmdb15", **options)(
        {**flat, "data": flat["data"][..., :15, :].nan_to_num(), "scores": flat["scores"][..., :15]}, view_batch(PLAIN)
    )
    torch.testing.assert_close(maps[0, known], expected[0, known])
    del spatial["pixels"]
    assert not transform(spatial, view_batch(PLAIN))[0].any()
