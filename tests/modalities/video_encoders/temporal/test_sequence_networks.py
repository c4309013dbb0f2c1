"""Properties that all networks over a sequence share."""

from __future__ import annotations

import math
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from triad.modalities.checks import InputError
from triad.modalities.registry import MODELS
from triad.modalities.video_encoders import (
    Asformer,
    EdTcn,
    LstmComposite,
    MsTcnPlusPlus,
    Pdan,
    RawFeatures,
    Rcn,
    RecurrentNetwork,
    Tcn,
)
from triad.modalities.video_encoders.temporal import SequenceNetwork
from triad.modalities.video_encoders.temporal.sequence_network import last_valid, zero_invalid

CASES = {
    "rnn": partial(RecurrentNetwork, cell="rnn", hidden_channels=5),
    "lstm": partial(RecurrentNetwork, cell="lstm", hidden_channels=5, num_layers=2, pooling="last"),
    "gru": partial(RecurrentNetwork, cell="gru", hidden_channels=5),
    "bidirectional": partial(
        RecurrentNetwork, cell="lstm", hidden_channels=5, num_layers=2, bidirectional=True, pooling="last"
    ),
    "composite": partial(LstmComposite, hidden_channels=5, future_times=2),
    "rcn": partial(Rcn, cell="rnn", widths=(5, 4)),
    "gru_rcn": partial(Rcn, cell="gru", widths=(5, 4), pooling="mean"),
    "tcn": partial(Tcn, widths=(5, 5, 4)),
    "ed_tcn": partial(EdTcn, widths=(5, 6), kernel_size=3),
    "ms_tcn_plus_plus": partial(MsTcnPlusPlus, channels=5, num_layers=3, dropout=0.0),
    "pdan": partial(Pdan, channels=5, num_layers=2, dropout=0.0),
    "asformer": partial(Asformer, channels=6, num_layers=3, channel_dropout=0.0),
    "raw_features": partial(RawFeatures),
}
WITHOUT_EFFECT = ("layers.0.query", "layers.0.key", "key.bias")
"""Parameters of ASFormer's attention: the first layer attends to one time, and a shift of all keys changes nothing."""
Build = partial[SequenceNetwork]
CHANNELS = 3


def build(case: Build) -> SequenceNetwork:
    torch.manual_seed(0)
    return case(in_channels=CHANNELS).eval()


def features_for(network: SequenceNetwork, times: int, seed: int = 0) -> Tensor:
    height_and_width = (4, 3) if network.input_axes == "BCTHW" else ()
    return torch.randn(2, CHANNELS, times, *height_and_width, generator=torch.Generator().manual_seed(seed))


def test_every_network_has_a_case():
    def leaves(cls: type) -> set[type]:
        return {leaf for child in cls.__subclasses__() for leaf in leaves(child) or {child}}

    expected = {
        cls for cls in leaves(SequenceNetwork) if cls.__module__.startswith("triad.modalities.video_encoders.temporal")
    }
    assert {case.func for case in CASES.values()} == expected


def test_shapes_and_gradients(case: Build):
    network = build(case).train()
    data = features_for(network, 6).requires_grad_()
    output = network(data, torch.ones(2, 6, dtype=torch.bool))
    assert output.map.shape == (2, network.out_channels, *data.shape[2:])
    assert (output.pooled is None) == (network.pooled_channels is None)
    if output.pooled is not None:
        assert output.pooled.shape == (2, network.pooled_channels)
    loss = output.map.square().sum() + sum(output.losses.values())
    loss.backward()
    learned = [
        parameter.grad is not None and bool(parameter.grad.any())
        for name, parameter in network.named_parameters()
        if not any(part in name for part in WITHOUT_EFFECT)
    ]
    assert all(learned)


@torch.no_grad()
def test_content_of_invalid_times_is_ignored(case: Build):
    """Also not-a-number: a gap in the middle, and different numbers of times at the end."""
    network = build(case)
    data = features_for(network, 7)
    valid = torch.tensor([[True, True, False, True, True, False, False], [True] * 6 + [False]])
    changed = torch.where(zero_invalid(torch.ones_like(data), valid).bool(), data, math.nan)
    expected = network(data, valid)
    actual = network(changed, valid)
    for row in range(2):
        torch.testing.assert_close(actual.map[row][:, valid[row]], expected.map[row][:, valid[row]])
    if expected.pooled is not None:
        torch.testing.assert_close(actual.pooled, expected.pooled)


@torch.no_grad()
def test_padding_changes_nothing(case: Build):
    """A clip of 5 times gives the same alone and as the beginning of 8."""
    network = build(case)
    data = features_for(network, 8)
    valid = torch.arange(8).expand(2, 8) < 5
    padded = network(data, valid)
    alone = network(data[:, :, :5], valid[:, :5])
    torch.testing.assert_close(padded.map[:, :, :5], alone.map)
    if alone.pooled is not None:
        torch.testing.assert_close(padded.pooled, alone.pooled)


@torch.no_grad()
def test_row_without_valid_time_is_read(case: Build):
    network = build(case)
    data = features_for(network, 6)
    nowhere = network(data, torch.zeros(2, 6, dtype=torch.bool))
    everywhere = network(data, torch.ones(2, 6, dtype=torch.bool))
    torch.testing.assert_close(nowhere.map, everywhere.map)


def test_other_channels_and_masks_are_refused(case: Build):
    network = build(case)
    data = features_for(network, 6)
    name = type(network).__name__
    with pytest.raises(InputError, match=rf"input of {name} must have shape \[B, 3, T.*got \[2, 2, 6"):
        network(data[:, :2], torch.ones(2, 6, dtype=torch.bool))
    with pytest.raises(InputError, match=rf"mask of {name} must have shape \[B=2, T=6\], got \[2, 5\]"):
        network(data, torch.ones(2, 5, dtype=torch.bool))


def test_built_from_its_name(case: Build):
    network = MODELS.build({"type": case.func.__name__, **case.keywords, "in_channels": CHANNELS})
    assert isinstance(network, nn.Module)


def test_last_valid_by_hand():
    states = torch.arange(8.0).reshape(2, 1, 4)
    valid = torch.tensor([[True, False, True, False], [True, True, True, True]])
    assert last_valid(states, valid).tolist() == [[2], [7]]
    assert zero_invalid(states, valid)[0].tolist() == [[0, 0, 2, 0]]


def test_other_poolings_are_refused():
    with pytest.raises(InputError, match=r"Tcn\.pooling must be one of last, mean, got 'max'"):
        Tcn(in_channels=3, pooling="max")
