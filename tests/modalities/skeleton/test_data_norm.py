import pytest
import torch
from torch import nn

from modalities.checks import InputError
from modalities.skeleton.encoders.layers.data_norm import DataNorm


def everybody(data: torch.Tensor) -> torch.Tensor:
    return torch.ones(data.shape[:2], dtype=torch.bool)


def reference(data: torch.Tensor, norm: nn.BatchNorm1d, *, places: int) -> torch.Tensor:
    """``BatchNorm1d`` as mmaction2 applies it: ``VC`` over persons as samples, ``MVC`` over their places."""
    b, m, c, t, v = data.shape
    features = data.permute(0, 1, 4, 2, 3).reshape(b, m * v * c, t) if places > 1 else None
    if features is None:
        features = data.permute(0, 1, 4, 2, 3).reshape(b * m, v * c, t)
    return norm(features).view(b, m, v, c, t).permute(0, 1, 3, 4, 2)


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("training", [True, False])
def test_equals_batch_norm_when_all_are_there(places: int, training: bool) -> None:
    torch.manual_seed(0)
    theirs, ours = nn.BatchNorm1d(places * 4 * 3).double(), DataNorm(4, 3, places=places).double()
    nn.init.normal_(theirs.weight)
    nn.init.normal_(theirs.bias)
    ours.load_state_dict(theirs.state_dict())
    for step in range(2):
        theirs.train(training or step == 0)
        ours.train(training or step == 0)
        data = torch.randn(5, 2, 3, 6, 4, dtype=torch.float64) * 3 + 1
        mine, other = data.clone().requires_grad_(), data.clone().requires_grad_()
        found, expected = ours(mine, everybody(data)), reference(other, theirs, places=places)
        torch.testing.assert_close(found, expected)
        weights = torch.randn_like(found)
        (found * weights).sum().backward()
        (expected * weights).sum().backward()
        torch.testing.assert_close(mine.grad, other.grad)
        torch.testing.assert_close(ours.weight.grad, theirs.weight.grad)
        for key, value in theirs.state_dict().items():
            torch.testing.assert_close(ours.state_dict()[key], value, msg=key)


def test_by_hand() -> None:
    """One joint, one channel: 1 and 3 are there, 100 is not; mean 2, variance 1, unbiased 2."""
    norm = DataNorm(1, 1)
    data = torch.tensor([1.0, 3.0, 100.0]).view(3, 1, 1, 1, 1)
    found = norm(data, torch.tensor([[True], [True], [False]]))
    torch.testing.assert_close(found[:2].flatten(), torch.tensor([-1.0, 1.0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(norm.running_mean, torch.tensor([0.1 * 2]))
    torch.testing.assert_close(norm.running_var, torch.tensor([0.9 + 0.1 * 2]))


def test_a_place_with_one_value_keeps_its_statistics() -> None:
    norm = DataNorm(1, 1, places=2)
    data = torch.tensor([[1.0, 7.0], [3.0, 9.0]]).view(2, 2, 1, 1, 1)
    found = norm(data, torch.tensor([[True, True], [True, False]]))
    assert norm.running_mean.tolist() == pytest.approx([0.2, 0])
    assert found[0, 1].item() == pytest.approx(7, rel=1e-4)


def test_fewer_persons_than_places_and_more() -> None:
    norm = DataNorm(4, 3, places=2)
    one = torch.randn(5, 1, 3, 6, 4)
    assert norm(one, everybody(one)).shape == one.shape
    three = torch.randn(5, 3, 3, 6, 4)
    with pytest.raises(InputError, match="hold at most 2 persons, got 3; set person_norms=3 or to 1"):
        norm(three, everybody(three))
    assert DataNorm(4, 3)(three, everybody(three)).shape == three.shape
