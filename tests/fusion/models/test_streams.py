from __future__ import annotations

import torch
from tiny_recognizer import TinyVideo, make_batch

from triad.fusion.models import encode_stream, scatter, zero_loss


def test_only_present_samples_are_encoded():
    encoder = TinyVideo().eval()
    entry = make_batch({"rgb": [False, True, True]})["rgb"]
    features, losses = encode_stream(encoder, entry)
    assert features.rows.tolist() == [1, 2]
    assert torch.equal(features.map, encoder(entry["data"][1:], entry["valid"][1:]).map)
    assert losses == {}


def test_absent_stream_ties_the_parameters():
    encoder = TinyVideo()
    features, losses = encode_stream(encoder, make_batch({"rgb": [False, False]})["rgb"])
    assert features is None
    losses["absent"].backward()
    assert all((parameter.grad == 0).all() for parameter in encoder.parameters())
    assert zero_loss(None) == 0


def test_scatter_by_hand():
    values = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert scatter(values, torch.tensor([2, 0]), 3).tolist() == [[3, 4], [0, 0], [1, 2]]
    assert scatter(values, torch.tensor([0, 1]), 2) is values
