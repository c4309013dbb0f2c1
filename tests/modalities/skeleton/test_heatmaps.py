"""Heat maps: numbers by hand, properties, and equality with mmaction2's."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from torch import Tensor

from modalities.augmentation import SpatialAugmentation
from modalities.checks import InputError
from modalities.openmmlab import import_mmaction
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.transforms import HeatmapTransform
from modalities.skeleton.transforms.heatmaps import joint_heatmaps, limb_heatmaps
from modalities.skeleton.transforms.person_crop import person_crop

COCO, JHMDB = get_layout("coco17"), get_layout("jhmdb15")
CANVAS = (120, 160)


def at(*places: tuple[float, float]) -> Tensor:
    """One person at one time: ``[1, 1, 1, V, 2]``."""
    return torch.tensor(places)[None, None, None]


def ones(points: Tensor) -> Tensor:
    return torch.ones(points.shape[:-1])


def batch_of(*views: SpatialAugmentation) -> dict[str, Tensor]:
    return {
        field.name: torch.tensor([float(getattr(v, field.name)) for v in views])
        for field in fields(SpatialAugmentation)
    }


# ---- rendering ----------------------------------------------------------------------------------------------------


def test_a_joint_by_hand():
    found = joint_heatmaps(at((2.0, 1.0)), torch.full((1, 1, 1, 1), 0.5), (4, 6), sigma=1.0)
    assert found.shape == (1, 1, 1, 4, 6)
    expected = [0.5 * np.exp(-0.5 * np.square(distance)) for distance in ([2, 1, 0, 1, 2, 3])]
    assert found[0, 0, 0, 1].tolist() == pytest.approx(expected)
    assert found[0, 0, 0, :, 2].tolist() == pytest.approx([0.5 * np.exp(-0.5), 0.5, 0.5 * np.exp(-0.5), expected[0]])


def test_three_deviations_are_the_end():
    found = joint_heatmaps(at((10.0, 10.0)), torch.ones(1, 1, 1, 1), (21, 21), sigma=1.0)[0, 0, 0]
    assert found[10].nonzero().flatten().tolist() == list(range(7, 14))


def test_a_limb_by_hand():
    """From (1, 2) to (4, 2): full height between, falling to the sides and behind the ends."""
    found = limb_heatmaps(at((1.0, 2.0), (4.0, 2.0)), ones(at((0, 0), (0, 0))), [(0, 1)], (5, 7), sigma=1.0)[0, 0, 0]
    near, far = np.exp(-0.5), np.exp(-2)
    assert found[2].tolist() == pytest.approx([near, 1, 1, 1, 1, near, far])
    assert found[:, 3].tolist() == pytest.approx([far, near, 1, near, far])


def test_a_limb_is_as_sure_as_its_less_sure_end():
    scores = torch.tensor([0.9, 0.4, 0.0]).view(1, 1, 1, 3)
    found = limb_heatmaps(at((1.0, 1.0), (4.0, 4.0), (1.0, 4.0)), scores, [(0, 1), (1, 2)], (6, 6), sigma=0.6)
    assert found[0, 0].max().item() == pytest.approx(0.4)
    assert not found[0, 1].any()


def test_absent_joints_are_empty():
    points = at((3.0, 3.0), (2.0, 2.0))
    found = joint_heatmaps(points, torch.tensor([1.0, 0.0]).view(1, 1, 1, 2), (6, 6), sigma=0.6)
    assert found[0, 0].any()
    assert not found[0, 1].any()


@pytest.mark.parametrize("limbs", [False, True])
def test_two_persons_give_the_higher_of_both(limbs: bool, monkeypatch: pytest.MonkeyPatch):
    """Drawn one after the other, and at once as in an exported graph."""
    generator = torch.Generator().manual_seed(0)
    points = 20 * torch.rand(2, 2, 3, 17, 2, generator=generator)
    scores = torch.rand(2, 2, 3, 17, generator=generator)

    def maps(persons: slice) -> Tensor:
        if limbs:
            return limb_heatmaps(points[:, persons], scores[:, persons], COCO.bones, (20, 24), sigma=0.6)
        return joint_heatmaps(points[:, persons], scores[:, persons], (20, 24), sigma=0.6)

    expected = torch.maximum(maps(slice(0, 1)), maps(slice(1, 2)))
    assert torch.equal(maps(slice(0, 2)), expected)
    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: True)
    assert torch.equal(maps(slice(0, 2)), expected)


@pytest.mark.parametrize("limbs", [False, True])
@pytest.mark.parametrize("sigma", [0.6, 2.0])
def test_values_are_mmaction2s(limbs: bool, sigma: float):
    """Two persons, joints outside the map and on each other, scores of every height."""
    import_mmaction()
    from mmaction.datasets.transforms.pose_transforms import GeneratePoseTarget

    generator = torch.Generator().manual_seed(1)
    points = 50 * torch.rand(1, 2, 6, 17, 2, generator=generator) - 8
    points[:, :, 0, 3] = points[:, :, 0, 1] + 0.3  # a limb shorter than a pixel
    scores = torch.rand(1, 2, 6, 17, generator=generator)
    scores[:, 1, 2], scores[:, 0, 4, 5] = 0.0, 5e-5  # one leaves, one joint is as good as lost
    theirs = GeneratePoseTarget(sigma=sigma, with_kp=not limbs, with_limb=limbs, skeletons=COCO.bones)
    given = {"keypoint": points[0].numpy().copy(), "keypoint_score": scores[0].numpy(), "img_shape": (32, 40)}
    expected = torch.from_numpy(theirs.gen_an_aug(given)).transpose(0, 1)[None]
    if limbs:
        found = limb_heatmaps(points, scores, COCO.bones, (32, 40), sigma=sigma)
    else:
        found = joint_heatmaps(points, scores, (32, 40), sigma=sigma)
    assert expected.amax((3, 4)).count_nonzero() > 50
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


# ---- the box around all -------------------------------------------------------------------------------------------


def test_the_box_by_hand():
    """40 × 20 pixels around (50, 30), a quarter larger, as square as the map: 50 × 50 become 100 × 100."""
    points = at((30.0, 20.0), (70.0, 40.0), (0.0, 0.0))
    seen = torch.tensor([True, True, False]).view(1, 1, 1, 3)
    found = person_crop(points, seen, CANVAS, (100, 100), padding=0.25)[0, 0, 0]
    # places are half a pixel beyond indices: the centre (50.5, 30.5) goes to (50, 50), that is index 49.5
    assert found[:2].tolist() == [[9.5, 29.5], [89.5, 69.5]]


def test_the_box_forgets_place_and_size():
    points = 60 * torch.rand(3, 2, 4, 15, 2, generator=torch.Generator().manual_seed(0))
    seen = torch.ones(points.shape[:-1], dtype=torch.bool)
    found = person_crop(points, seen, CANVAS, (48, 64), padding=0.1)
    moved = person_crop(0.5 * points + 20, seen, CANVAS, (48, 64), padding=0.1)
    torch.testing.assert_close(moved, found, atol=1e-3, rtol=0)
    assert (found > -0.5).all()
    assert (found < torch.tensor([63.5, 47.5])).all()


def test_what_is_too_small_for_a_box_shows_the_canvas():
    points = at((79.5, 59.5), (84.5, 64.5))
    for seen in (torch.ones(1, 1, 1, 2), torch.zeros(1, 1, 1, 2)):
        found = person_crop(points, seen > 0, CANVAS, (60, 80), padding=0.25)
        assert found[0, 0, 0].tolist() == [[39.5, 29.5], [42.0, 32.0]]


# ---- the transform ------------------------------------------------------------------------------------------------


def entry(*, batch: int = 1, persons: int = 2, times: int = 3) -> dict[str, Tensor]:
    points = torch.rand(batch, persons, times, 15, 2, generator=torch.Generator().manual_seed(0))
    points = points * torch.tensor([60.0, 80.0]) + 40
    return {"data": points, "scores": ones(points), "valid": torch.ones(points.shape[:-2], dtype=torch.bool)}


def test_transform_lays_out_for_video_networks():
    clip = entry(batch=2)
    clip["valid"][0, :, 2], clip["valid"][1, 1] = False, False  # nobody at one time; a person who is absent
    transform = HeatmapTransform(layout="jhmdb15", frame_size=CANVAS)
    maps, valid = transform(clip, batch_of(SpatialAugmentation(), SpatialAugmentation()))
    assert maps.shape == (2, 15, 3, 56, 56)
    assert transform.out_channels == 15
    assert valid.tolist() == [[True, True, False], [True, True, True]]
    assert not maps[0, :, 2].any()
    assert maps[0, :, :2].amax((2, 3)).min() > 0.3  # every joint is somewhere
    limbs, _ = HeatmapTransform(layout="jhmdb15", frame_size=CANVAS, limbs=True)(
        clip, batch_of(SpatialAugmentation(), SpatialAugmentation())
    )
    assert limbs.shape == (2, 14, 3, 56, 56)


def test_a_mirrored_view_mirrors_the_maps_and_swaps_sides():
    clip = entry()
    transform = HeatmapTransform(layout="jhmdb15", frame_size=CANVAS, padding=None)
    straight, _ = transform(clip, batch_of(SpatialAugmentation()))
    mirrored, _ = transform(clip, batch_of(SpatialAugmentation(flip=True)))
    expected = straight.flip(-1)[:, list(JHMDB.mirror_index)]
    cut = np.exp(-4.5)  # as in mmaction2, a spot ends three deviations away at a whole pixel, to the left or the right
    torch.testing.assert_close(mirrored, expected, atol=1.01 * cut, rtol=0)
    torch.testing.assert_close(mirrored.clamp(min=cut), expected.clamp(min=cut), atol=1e-4, rtol=0)


def test_without_a_box_maps_and_frames_show_the_same():
    """The crop of a frame: the joint at place (80, 90) of 160 × 120 lies in the middle of the right lower quarter."""
    clip = entry(persons=1, times=1)
    clip["data"][0, 0, 0, 0] = torch.tensor([119.5, 89.5])
    transform = HeatmapTransform(layout="jhmdb15", frame_size=CANVAS, padding=None, size=(31, 41))
    maps, _ = transform(clip, batch_of(SpatialAugmentation(x=0.5, y=0.5, width=0.5, height=0.5)))
    assert maps[0, 0, 0, 15, 20] == pytest.approx(1.0, abs=1e-4)


def test_scores_are_heights_or_ignored():
    clip = entry(persons=1, times=1)
    clip["data"][0, 0, 0, 0] = torch.tensor([79.5, 59.5])
    clip["scores"][0, 0, 0, :2] = torch.tensor([0.3, 0.0])
    for use_score, height in ((True, 0.3), (False, 1.0)):
        transform = HeatmapTransform(
            layout="jhmdb15", frame_size=CANVAS, padding=None, size=(31, 41), use_score=use_score
        )
        maps, _ = transform(clip, batch_of(SpatialAugmentation()))
        assert maps[0, 0, 0, 15, 20].item() == pytest.approx(height, abs=1e-4)
        assert not maps[0, 1].any()


def test_nobody_at_all_gives_empty_maps():
    clip = entry()
    clip["scores"][:], clip["data"][:], clip["valid"][:] = 0.0, 0.0, False
    for limbs in (False, True):
        maps, valid = HeatmapTransform(layout="jhmdb15", frame_size=CANVAS, limbs=limbs)(
            clip, batch_of(SpatialAugmentation(noise=0.1))
        )
        assert maps.isfinite().all()
        assert not maps.any()
        assert not valid.any()


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"HeatmapTransform.layout must be in pixels, got the 3D 'ntu25'"):
        HeatmapTransform(layout="ntu25", frame_size=CANVAS)
    with pytest.raises(InputError, match=r"HeatmapTransform.sigma must be positive, got 0"):
        HeatmapTransform(layout="coco17", frame_size=CANVAS, sigma=0)
    with pytest.raises(InputError, match=r"HeatmapTransform.padding must be at least 0 or None, got -0.1"):
        HeatmapTransform(layout="coco17", frame_size=CANVAS, padding=-0.1)
    with pytest.raises(InputError, match=r"'coco17' must have shape \[B, M, T, V=17, 2\], got .*15, 2\]"):
        HeatmapTransform(layout="coco17", frame_size=CANVAS)(entry(), batch_of(SpatialAugmentation()))
