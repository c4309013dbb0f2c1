from dataclasses import fields

import numpy as np
import pytest
import torch

from modalities.augmentation import RandomSpatialAugmentation, SpatialAugmentation
from modalities.checks import InputError
from modalities.letterbox import letterbox_geometry
from modalities.warp import view_matrix, warp


def batch_of(*views: SpatialAugmentation) -> dict[str, torch.Tensor]:
    return {
        field.name: torch.tensor([float(getattr(v, field.name)) for v in views])
        for field in fields(SpatialAugmentation)
    }


def test_fit_canvas_keeps_the_shape_and_centres():
    assert letterbox_geometry((240, 320), (120, 160)) == (0.5, 0.0, 0.0)
    assert letterbox_geometry((100, 50), (50, 50)) == (0.5, 12.5, 0.0)


def test_identity_and_half_size():
    assert np.array_equal(SpatialAugmentation().matrix((8, 8), (8, 8)), [[1, 0, 0], [0, 1, 0]])
    # shrinking 8 → 4: the centre between input pixels 0 and 1 is output pixel 0
    assert np.array_equal(SpatialAugmentation().matrix((8, 8), (4, 4)), [[0.5, 0, -0.25], [0, 0.5, -0.25]])


def test_crop_and_flip_by_hand():
    # the right half of a row of 8 pixels, mirrored: input pixel 4 becomes output pixel 3, input 7 becomes 0
    matrix = SpatialAugmentation(x=0.5, width=0.5, flip=True).matrix((8, 8), (8, 4))
    assert (matrix @ [4, 0, 1])[0] == 3
    assert (matrix @ [7, 0, 1])[0] == 0


def test_batched_matrix_equals_the_single_one():
    rng = np.random.default_rng(0)
    views = [RandomSpatialAugmentation(area=0.3, color=0.2, rotate=30)(rng) for _ in range(20)]
    batched = view_matrix(batch_of(*views), (60, 80), (42, 56)).numpy()
    assert np.allclose(batched, [v.matrix((60, 80), (42, 56)) for v in views], atol=1e-4)
    assert {v.flip for v in views} == {True, False}


def test_warp_moves_a_pixel_where_the_matrix_says():
    frame = torch.zeros(1, 1, 8, 8, 1)
    frame[0, 0, 2, 6] = 1
    view = SpatialAugmentation(x=0.5, width=0.5, y=0.0, height=0.5, flip=True)
    out = warp(frame, view_matrix(batch_of(view), (8, 8), (4, 4)), (4, 4))
    x, y = view.matrix((8, 8), (4, 4)) @ [6, 2, 1]
    assert out.shape == (1, 1, 1, 4, 4)
    assert out[0, 0, 0, int(y), int(x)] == pytest.approx(1)
    assert out.sum() == pytest.approx(1)


def test_a_box_must_have_a_size():
    with pytest.raises(InputError, match="SpatialAugmentation must have a box of positive size, got 0 × 1"):
        SpatialAugmentation(width=0)
    with pytest.raises(InputError, match=r"RandomSpatialAugmentation.area must be in \(0, 1\], got 0"):
        RandomSpatialAugmentation(area=0)
