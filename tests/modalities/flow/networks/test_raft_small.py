import pytest
import torch
from torchvision.models.optical_flow import raft_small

from triad.modalities.checks import InputError
from triad.modalities.flow.networks import RaftSmall


def test_every_parameter_gets_a_gradient():
    network = RaftSmall(iterations=2)
    first, second = (torch.rand(2, 3, 128, 128) * 2 - 1 for _ in range(2))
    network.loss(network(first, second), torch.rand(2, 2, 128, 128) * 8 - 4).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


def test_initial_weights_come_from_a_file(tmp_path):
    state = raft_small(weights=None).state_dict()
    torch.save(state, tmp_path / "small.pth")
    network = RaftSmall(weights=tmp_path / "small.pth")
    assert all(torch.equal(value, state[key]) for key, value in network.raft.state_dict().items())


def test_iterations_must_be_positive():
    with pytest.raises(InputError, match=r"RaftSmall.iterations must be at least 1, got 0"):
        RaftSmall(iterations=0)
