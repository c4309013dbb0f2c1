"""Times that the output of a network over time depends on."""

from __future__ import annotations

import torch

from triad.modalities.video_encoders.temporal import SequenceNetwork


def times_seen(network: SequenceNetwork, num_times: int, time: int) -> list[int]:
    """Return the times whose features change the output at ``time``; weights are made positive against closed ReLUs."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.abs_().add_(0.01)
    network = network.double().eval()
    torch.manual_seed(0)
    data = torch.rand(1, network.in_channels, num_times, dtype=torch.double, requires_grad=True)
    output = network(data, torch.ones(1, num_times, dtype=torch.bool)).map
    (gradient,) = torch.autograd.grad(output[0, :, time].square().sum(), data)
    return torch.nonzero(gradient[0].ne(0).any(0))[:, 0].tolist()
