import pytest
import torch

from triad.fusion.attention.token_places import joints_in_tokens, nearest_times, token_grid
from triad.modalities.checks import InputError


def test_grid_of_square_patches():
    assert token_grid(224, 224, 196) == (14, 14)
    assert token_grid(96, 128, 48) == (6, 8)
    with pytest.raises(InputError, match="square patches of a picture of 96×128, got 50"):
        token_grid(96, 128, 50)


def test_tokens_run_over_rows_first():
    """A joint at the right of the upper row of 2×3 patches is in token 2, one below it in token 5."""
    places = torch.tensor([[0.9, 0.1], [0.9, 0.9], [0.4, 0.6]]).view(1, 1, 1, 3, 2)
    inside, known = joints_in_tokens(places, torch.tensor([True, True, False]).view(1, 1, 1, 3), (2, 3))
    assert inside.shape == (1, 1, 6, 3)
    assert inside[0, 0].nonzero().tolist() == [[2, 0], [5, 1]]
    assert known.tolist() == [[[True, True, False]]]


def test_order_of_tokens_is_that_of_the_patches():
    """The patch that a network cuts out of the picture around a joint is the token that the joint is said to be in."""
    picture = torch.zeros(1, 1, 32, 48)
    x, y = 0.7, 0.3
    picture[0, 0, int(y * 32), int(x * 48)] = 1.0
    patches = torch.nn.functional.unfold(picture, 16, stride=16).sum(1)[0]  # [N], in the order of a convolution
    inside, _ = joints_in_tokens(torch.tensor([x, y]).view(1, 1, 1, 1, 2), torch.ones(1, 1, 1, 1).bool(), (2, 3))
    assert patches.argmax() == inside[0, 0, :, 0].int().argmax()


def test_joints_of_all_persons_count():
    places = torch.tensor([[0.1, 0.1], [0.9, 0.9]]).view(1, 2, 1, 1, 2)
    inside, _ = joints_in_tokens(places, torch.ones(1, 2, 1, 1).bool(), (2, 2))
    assert inside[0, 0, :, 0].tolist() == [True, False, False, True]
    swapped, _ = joints_in_tokens(places.flip(1), torch.ones(1, 2, 1, 1).bool(), (2, 2))
    assert torch.equal(inside, swapped)


def test_nearest_pose_in_time():
    frames, poses = torch.tensor([[0.0, 1.0, 2.0, 3.0]]), torch.tensor([[0.2, 0.9, 2.6]])
    assert nearest_times(frames, 4, poses).tolist() == [[0, 1, 2, 2]]
    assert nearest_times(frames, 2, poses).tolist() == [[0, 2]]  # tokens of two frames, at 0.5 and 2.5
