import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders.layers import DataNorm


def all_present(data: torch.Tensor) -> torch.Tensor:
    return torch.ones(data.shape[:2], dtype=torch.bool)


def batch_norm(data: torch.Tensor, norm: nn.BatchNorm1d, *, person_norms: int) -> torch.Tensor:
    """``BatchNorm1d`` as mmaction2 applies it: ``VC`` with persons as samples, ``MVC`` with persons as features."""
    b, m, c, t, v = data.shape
    features = data.permute(0, 1, 4, 2, 3)  # [B, M, V, C, T]
    shape = (b, m * v * c, t) if person_norms > 1 else (b * m, v * c, t)
    return norm(features.reshape(shape)).view(b, m, v, c, t).permute(0, 1, 3, 4, 2)


@pytest.mark.parametrize("person_norms", [1, 2])
@pytest.mark.parametrize("training", [True, False])
def test_equals_batch_norm_of_present_persons(person_norms: int, training: bool) -> None:
    torch.manual_seed(0)
    reference = nn.BatchNorm1d(person_norms * 4 * 3).double()
    norm = DataNorm(4, 3, person_norms=person_norms).double()
    nn.init.normal_(reference.weight)
    nn.init.normal_(reference.bias)
    norm.load_state_dict(reference.state_dict())
    for step in range(2):
        reference.train(training or step == 0)
        norm.train(training or step == 0)
        data = torch.randn(5, 2, 3, 6, 4, dtype=torch.float64) * 3 + 1
        x = data.clone().requires_grad_()
        reference_x = data.clone().requires_grad_()
        output = norm(x, all_present(data))
        expected = batch_norm(reference_x, reference, person_norms=person_norms)
        torch.testing.assert_close(output, expected)
        weights = torch.randn_like(output)
        (output * weights).sum().backward()
        (expected * weights).sum().backward()
        torch.testing.assert_close(x.grad, reference_x.grad)
        torch.testing.assert_close(norm.weight.grad, reference.weight.grad)
        for key, value in reference.state_dict().items():
            torch.testing.assert_close(norm.state_dict()[key], value, msg=key)


def test_absent_person_is_left_out() -> None:
    """One joint, one channel: 1 and 3 are present, 100 is not; mean 2, variance 1, unbiased 2."""
    norm = DataNorm(1, 1)
    data = torch.tensor([1.0, 3.0, 100.0]).view(3, 1, 1, 1, 1)
    output = norm(data, torch.tensor([[True], [True], [False]]))
    torch.testing.assert_close(output[:2].flatten(), torch.tensor([-1.0, 1.0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(norm.running_mean, torch.tensor([0.1 * 2]))
    torch.testing.assert_close(norm.running_var, torch.tensor([0.9 + 0.1 * 2]))


def test_single_value_keeps_running_statistics() -> None:
    norm = DataNorm(1, 1, person_norms=2)
    data = torch.tensor([[1.0, 7.0], [3.0, 9.0]]).view(2, 2, 1, 1, 1)
    output = norm(data, torch.tensor([[True, True], [True, False]]))
    assert norm.running_mean.tolist() == pytest.approx([0.2, 0])
    assert output[0, 1].item() == pytest.approx(7, rel=1e-4)


def test_more_persons_than_norms_are_refused() -> None:
    norm = DataNorm(4, 3, person_norms=2)
    one = torch.randn(5, 1, 3, 6, 4)
    assert norm(one, all_present(one)).shape == one.shape
    three = torch.randn(5, 3, 3, 6, 4)
    with pytest.raises(InputError, match="hold at most 2 persons, got 3; set person_norms=3 or to 1"):
        norm(three, all_present(three))
    assert DataNorm(4, 3)(three, all_present(three)).shape == three.shape


@pytest.mark.parametrize("training", [True, False])
def test_norm_of_rows_equals_norm_of_batch(training: bool) -> None:
    data = torch.randn(2, 2, 3, 5, 4, generator=torch.Generator().manual_seed(0))
    present = torch.tensor([[True, True], [True, False]])
    of_batch, of_rows = (DataNorm(4, 3).train(training) for _ in range(2))
    expected = of_batch(data, present)[present]
    torch.testing.assert_close(of_rows.normalise_persons(data[present]), expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(of_rows.running_mean, of_batch.running_mean)
    torch.testing.assert_close(of_rows.running_var, of_batch.running_var)


def test_single_row_keeps_running_statistics() -> None:
    norm = DataNorm(4, 3)
    person = torch.full((1, 3, 1, 4), 2.0)
    torch.testing.assert_close(norm.normalise_persons(person), person, atol=1e-4, rtol=0)
    assert not norm.running_mean.any()
