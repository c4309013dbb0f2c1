from dataclasses import fields

import kornia
import numpy as np
import pytest
import torch

from triad.modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from triad.modalities.warp import view_matrix, warp, warp_planes


def collate(*augmentations: SpatialAugmentation) -> dict[str, torch.Tensor]:
    return {
        field.name: torch.tensor([float(getattr(augmentation, field.name)) for augmentation in augmentations])
        for field in fields(SpatialAugmentation)
    }


def test_batched_matrix_equals_single_ones():
    rng = np.random.default_rng(0)
    augmentations = [RandomSpatialAugmentation(area=0.3, color=0.2, rotate=30)(rng) for _ in range(20)]
    matrices = view_matrix(collate(*augmentations), (60, 80), (42, 56)).numpy()
    expected = [augmentation.matrix((60, 80), (42, 56)) for augmentation in augmentations]
    np.testing.assert_allclose(matrices, expected, atol=1e-4)


def test_warp_moves_pixels_by_the_matrix():
    frame = torch.zeros(1, 1, 8, 8, 1)
    frame[0, 0, 2, 6] = 1
    augmentation = SpatialAugmentation(x=0.5, width=0.5, y=0.0, height=0.5, flip=True)
    warped = warp(frame, collate(augmentation), (4, 4))
    x, y = augmentation.matrix((8, 8), (4, 4)) @ [6, 2, 1]
    assert warped.shape == (1, 1, 1, 4, 4)
    assert warped[0, 0, 0, int(y), int(x)] == pytest.approx(1)
    assert warped.sum() == pytest.approx(1)


def test_warp_without_view_resizes_the_frame():
    frames = torch.arange(8.0).view(1, 1, 1, 8, 1).expand(1, 2, 4, 8, 3)
    torch.testing.assert_close(warp(frames, None, (4, 4)), warp(frames, collate(SpatialAugmentation()), (4, 4)))


@pytest.mark.parametrize("flip", [False, True])
def test_one_view_warps_all_samples(flip):
    frames = torch.rand(2, 3, 9, 12, 2)
    view = SpatialAugmentation(x=0.25, y=1 / 9, width=0.5, height=7 / 9, flip=flip)
    torch.testing.assert_close(warp(frames, view, (5, 8)), warp(frames, collate(view, view), (5, 8)))


def test_planes_equal_kornias():
    planes = torch.rand(2, 3, 9, 12, generator=torch.Generator().manual_seed(0))
    augmentations = (SpatialAugmentation(x=-0.1, width=0.8, flip=True), SpatialAugmentation(y=0.3, height=0.5))
    matrices = view_matrix(collate(*augmentations), (9, 12), (6, 5))
    expected = kornia.geometry.warp_affine(planes, matrices, (6, 5), align_corners=True)
    torch.testing.assert_close(warp_planes(planes, matrices, (6, 5)), expected, atol=1e-5, rtol=0)
