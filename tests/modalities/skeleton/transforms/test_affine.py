import torch

from triad.modalities.skeleton.transforms.affine import affine_transform

QUARTER_TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]])  # [B, C, C]


def test_affine_transform_by_hand():
    points = torch.tensor([[2.0, 0.0], [0.0, 3.0]]).view(1, 1, 1, 2, 2)
    moved = affine_transform(points, QUARTER_TURN, torch.tensor([[10.0, 0.0]]))
    assert moved.flatten(0, 3).tolist() == [[10, 2], [7, 0]]


def test_no_shift_is_zero():
    points = torch.tensor([[2.0, 0.0], [0.0, 3.0]]).view(1, 1, 1, 2, 2)
    assert affine_transform(points, QUARTER_TURN, None).flatten(0, 3).tolist() == [[0, 2], [-3, 0]]
