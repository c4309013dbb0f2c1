import numpy as np
import pytest
import torch

from triad.modalities.checks import InputError
from triad.modalities.flow.networks import FlowNetS, normalize_frames, predict_flow


def test_parameters_are_the_published_number():
    published = 38_676_506  # 38.68 M, Ilg et al. 2017
    batch_norms = 64 + 128 + 2 * 256 + 4 * 512 + 2 * 1024
    assert sum(parameter.numel() for parameter in FlowNetS().parameters()) == published + batch_norms


def test_flows_from_coarse_to_fine():
    network = FlowNetS(width=0.125).eval()
    shapes = [list(flow.shape) for flow in network(torch.zeros(1, 3, 128, 192), torch.zeros(1, 3, 128, 192))]
    assert shapes == [[1, 2, 2, 3], [1, 2, 4, 6], [1, 2, 8, 12], [1, 2, 16, 24], [1, 2, 32, 48]]


def test_width_must_give_whole_channels():
    with pytest.raises(InputError, match=r"be a positive multiple of 1/64.*, got 0.3"):
        FlowNetS(width=0.3)


def test_every_parameter_gets_a_gradient():
    network = FlowNetS(width=1 / 16)
    first, second = (torch.rand(2, 3, 128, 128) * 2 - 1 for _ in range(2))
    network.loss(network(first, second), torch.rand(2, 2, 128, 128) * 8 - 4).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


def test_small_network_learns_one_pair():
    """The error falls to a fifth of that of no motion: gradients, losses and units agree."""
    torch.manual_seed(0)
    network = FlowNetS(width=6 / 64)
    blocks = np.random.default_rng(0).integers(0, 255, (10, 12, 3), np.uint8)
    texture = torch.from_numpy(np.kron(blocks, np.ones((8, 8, 1), np.uint8)))[None].repeat(2, 1, 1, 1)
    first = texture[:, :64, :64]
    second = texture.roll(4, dims=2)[:, :64, :64]  # 4 pixels to the right
    truth = torch.zeros(2, 2, 64, 64)
    truth[:, 0] = 4.0
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(40):
        optimizer.zero_grad()
        network.loss(network(normalize_frames(first), normalize_frames(second)), truth).backward()
        optimizer.step()
    assert (predict_flow(network, first, second) - truth).norm(dim=1).mean() < 0.8
