from __future__ import annotations

import pytest
import torch
from torch import nn

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.video_encoders import LstmComposite


def build(**options) -> LstmComposite:
    torch.manual_seed(0)
    return LstmComposite(in_channels=3, hidden_channels=4, future_times=2, **options)


def test_losses_by_hand():
    """Decoders that give zeros: the losses are the mean squares of the past and of the future."""
    network = build(reconstruction_weight=0.5, prediction_weight=2.0)
    for decoder in (network.reconstruction, network.prediction):
        nn.init.zeros_(decoder.fc.weight)
        nn.init.zeros_(decoder.fc.bias)
    data = torch.randn(2, 3, 5)
    valid = torch.tensor([[True] * 5, [True, True, True, True, False]])
    losses = network(data, valid).losses
    past = data[:, :, :3].square().mean(1)
    future = data[:, :, 3:].square().mean(1)
    assert losses["reconstruction"].item() == pytest.approx(0.5 * past.mean().item())
    assert losses["prediction"].item() == pytest.approx(2 * (future.sum() - future[1, 1]).item() / 3)


def test_reconstruction_runs_backwards():
    """The decoder's first step has nothing to read and gives the last time of the past."""
    network = build()
    decoder_inputs = []
    network.reconstruction.lstm.register_forward_pre_hook(lambda module, inputs: decoder_inputs.append(inputs[0]))
    data = torch.randn(1, 3, 5)
    network(data, torch.ones(1, 5, dtype=torch.bool))
    expected = torch.stack([torch.zeros(3), data[0, :, 2], data[0, :, 1]])
    torch.testing.assert_close(decoder_inputs[0][0], expected)


def test_targets_are_not_trained():
    """Features could be made easy to predict, all alike; the losses train the networks and the encoder's input only."""
    network = build()
    nn.init.zeros_(network.encoder.weight_ih_l0)
    data = torch.randn(1, 3, 5, requires_grad=True)
    sum(network(data, torch.ones(1, 5, dtype=torch.bool)).losses.values()).backward()
    assert not data.grad.any()
    assert network.encoder.weight_ih_l0.grad.any()


@torch.no_grad()
def test_map_is_one_lstm():
    network = build(pooling="last").eval()
    data = torch.randn(2, 3, 6)
    output = network(data, torch.ones(2, 6, dtype=torch.bool))
    expected, (last, _) = network.encoder(data.transpose(1, 2))
    torch.testing.assert_close(output.map, expected.transpose(1, 2))
    torch.testing.assert_close(output.pooled, last[0])
    assert output.losses == {}


def test_parameters():
    """Three LSTMs of ``4 (h (i + h) + 2 h)`` and two linear layers."""
    assert count_parameters(build()) == 3 * 4 * (4 * (3 + 4) + 2 * 4) + 2 * (4 * 3 + 3)


def test_short_clips_are_refused():
    with pytest.raises(InputError, match="times of LstmComposite must be more than its future_times, 2, got 2"):
        build()(torch.randn(1, 3, 2), torch.ones(1, 2, dtype=torch.bool))
    with pytest.raises(InputError, match=r"LstmComposite\.future_times must be at least 1, got 0"):
        LstmComposite(in_channels=3, future_times=0)
