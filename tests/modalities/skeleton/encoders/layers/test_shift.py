import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.skeleton.encoders.layers import TemporalShift, shift_joints, shift_times


def test_joint_shift_by_hand() -> None:
    """Three joints, four channels: channels 0 and 3 stay, 1 comes from the next joint, 2 from the one after."""
    x = torch.arange(12.0).view(1, 3, 4)
    assert shift_joints(x)[0].tolist() == [[0, 5, 10, 3], [4, 9, 2, 7], [8, 1, 6, 11]]
    assert torch.equal(shift_joints(shift_joints(x), back=True), x)


def test_joint_shift_gradient() -> None:
    x = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(shift_joints, x)
    assert torch.autograd.gradgradcheck(shift_joints, x)


def shifted_rows(shift: list[float], *, stride: int = 1, reach: int = 4) -> list[list[float]]:
    x = torch.tensor([1.0, 2.0, 4.0, 8.0, 16.0])[:, None].expand(1, len(shift), 5, 1)
    return shift_times(x, torch.tensor(shift), stride=stride, reach=reach)[0, :, :, 0].tolist()


def test_time_shift_by_hand() -> None:
    assert shifted_rows([0.0, 1.0, -2.0]) == [[1, 2, 4, 8, 16], [2, 4, 8, 16, 0], [0, 0, 1, 2, 4]]
    assert shifted_rows([0.5, -0.25]) == [[1.5, 3, 6, 12, 8], [0.75, 1.75, 3.5, 7, 14]]
    assert shifted_rows([0.5], stride=2) == [[1.5, 6, 8]]  # between 0 and 1, 2 and 3, 4 and nothing
    assert shifted_rows([3.0, -9.0], reach=2) == shifted_rows([2.0, -2.0])


def test_time_shift_gradient() -> None:
    x = torch.randn(2, 3, 6, 2, dtype=torch.float64, requires_grad=True)
    shift = torch.tensor([0.3, -1.6, 2.2], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a, b: shift_times(a, b, stride=2, reach=3), (x, shift))


def test_shift_is_learned_by_gradient() -> None:
    """The shift that undoes a delay of two frames is found by gradient descent."""
    pulse = torch.exp(-0.5 * ((torch.arange(20.0) - 8) / 3) ** 2).view(1, 1, 20, 1)
    delayed = pulse.roll(2, 2)
    module = TemporalShift(1, step=None)
    optimizer = torch.optim.SGD(module.parameters(), lr=1.0)
    for _ in range(200):
        optimizer.zero_grad()
        (module(delayed) - pulse).square().mean().mul(10).backward()
        optimizer.step()
    assert module.shift.item() == pytest.approx(2, abs=0.05)


def test_step_replaces_gradient_size() -> None:
    torch.manual_seed(0)
    plain, signed = TemporalShift(5, step=None), TemporalShift(5, step=0.01)
    signed.load_state_dict(plain.state_dict())
    x = torch.randn(2, 5, 8, 3)
    assert torch.equal(plain(x), signed(x))
    for module in (plain, signed):
        module(x).square().sum().backward()
    torch.testing.assert_close(signed.shift.grad, plain.shift.grad.sign() * 0.01)


@pytest.mark.parametrize("times", [1, 5, 6])
def test_stride_counts_from_step_middle(times: int) -> None:
    module = TemporalShift(2, stride=2)
    module.shift.data.zero_()
    x = torch.randn(1, 2, times, 3)
    padded = torch.nn.functional.pad(x, (0, 0, 0, times % 2))
    torch.testing.assert_close(module(x), (padded[:, :, ::2] + padded[:, :, 1::2]) / 2)


def test_reach_below_one_is_refused() -> None:
    with pytest.raises(InputError, match=r"TemporalShift.reach must be at least 1, got 0"):
        TemporalShift(4, reach=0)
