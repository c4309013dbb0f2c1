import torch

from modalities.skeleton.transforms.affine import affine_transform, rotate_about, shift_fixing

QUARTER_TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]])  # [B, C, C]


def test_affine_transform_by_hand():
    points = torch.tensor([[2.0, 0.0], [0.0, 3.0]]).view(1, 1, 1, 2, 2)
    moved = affine_transform(points, QUARTER_TURN, torch.tensor([[10.0, 0.0]]))
    assert moved.flatten(0, 3).tolist() == [[10, 2], [7, 0]]


def test_rotation_keeps_its_anchor():
    points = torch.tensor([[1.0, 1.0], [3.0, 1.0]]).view(1, 1, 1, 2, 2)
    rotated = rotate_about(points, QUARTER_TURN, points[..., :1, :])
    assert rotated.flatten(0, 3).tolist() == [[1, 1], [1, 3]]


def test_shift_fixing_by_hand():
    assert shift_fixing(2 * torch.eye(2)[None], torch.tensor([[3.0, -1.0]])).tolist() == [[-3, 1]]
