from __future__ import annotations

from math import exp

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders.layers import Cgnl
from triad.modalities.video_encoders.layers.cgnl import GAMMA, taylor_features


def explicit(block: Cgnl, data: Tensor) -> Tensor:
    """The block with the whole matrix of pairs of each group: ``(θ φᵀ) g``, or the Gaussian's series of each pair."""
    theta, phi, g = (
        conv(data).flatten(1).unflatten(1, (block.groups, -1)) for conv in (block.theta, block.phi, block.g)
    )
    pairs = theta[..., None] * phi[..., None, :]  # [B, G, N, N]
    if block.order is not None:
        terms = [(2 * GAMMA * pairs) ** power / (1, 1, 2, 6)[power] for power in range(block.order + 1)]
        pairs = exp(-2 * GAMMA) * sum(terms)
    read = (pairs @ g[..., None])[..., 0]
    return data + block.gn(block.out(read.flatten(1).unflatten(1, (-1, *data.shape[2:]))))


@pytest.mark.parametrize("order", [None, 1, 3])
def test_equals_the_matrix_of_all_pairs(order: int | None) -> None:
    torch.manual_seed(0)
    block = Cgnl(channels=8, groups=2, order=order).double()
    for parameter in block.parameters():
        nn.init.normal_(parameter)
    data = torch.randn(2, 8, 2, 3, 2, dtype=torch.float64)
    torch.testing.assert_close(block(data).map, explicit(block, data))


def test_group_weights_by_hand() -> None:
    block = Cgnl(channels=4, groups=2)
    with torch.no_grad():
        for conv in (block.theta, block.phi, block.g):
            conv.weight.copy_(torch.eye(2, 4).reshape(2, 4, 1, 1, 1))
    data = torch.arange(8.0).reshape(1, 4, 1, 1, 2)  # first channel 0, 1; second 2, 3
    assert block(data).weights["groups"].tolist() == [[1.0, 13.0]]


def test_series_approaches_the_gaussian() -> None:
    """Values of length one: ``exp(-γ (1 + 1 - 2 · 1))`` is 1."""
    features = taylor_features(torch.ones(1, 1, 1, dtype=torch.float64), 3)
    assert features.square().sum().item() == pytest.approx(1, abs=1e-12)


def test_parameters_by_hand() -> None:
    """Three layers of C · C/2, one in 8 groups, and a norm of 2C."""
    assert count_parameters(Cgnl(channels=1024)) == 3 * 1024 * 512 + 1024 * 512 // 8 + 2 * 1024
