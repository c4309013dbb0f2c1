from __future__ import annotations

import torch
from tiny_recognizer import TinyVideo, make_batch
from torch.nn.functional import adaptive_max_pool1d

from fusion.models import encode_stream, scatter, valid_at, zero_loss


def test_validity_follows_adaptive_pooling():
    """A time of a map is valid where any input time that it stands for is, for every pair of lengths."""
    generator = torch.Generator().manual_seed(0)
    for input_times in range(1, 14):
        valid = torch.rand(3, 2, input_times, generator=generator) > 0.6
        for times in range(1, input_times + 3):
            pooled = adaptive_max_pool1d(valid.float(), times) > 0
            assert torch.equal(valid_at(valid, times), pooled), (input_times, times)


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
