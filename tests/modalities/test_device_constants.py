import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from triad.modalities.device_constants import device_constant

CPU = torch.device("cpu")


def test_constant_is_made_once():
    first = device_constant(((1.5, 2.0), (3.0, 4.0)), CPU)
    assert first.tolist() == [[1.5, 2], [3, 4]]
    assert device_constant(((1.5, 2.0), (3.0, 4.0)), CPU) is first
    assert device_constant(((1.5, 2.0), (3.0, 4.0)), CPU, torch.float64).dtype == torch.float64


def test_constants_of_traces_are_not_kept():
    with FakeTensorMode():
        device_constant((987, 654), CPU)
    assert device_constant((987, 654), CPU).tolist() == [987, 654]


def test_constant_of_inference_serves_training():
    with torch.inference_mode():
        constant = device_constant((0.125, 0.375), CPU)
    parameter = torch.ones(2, requires_grad=True)
    (parameter * constant).sum().backward()
    assert parameter.grad is not None
    assert parameter.grad.tolist() == [0.125, 0.375]
