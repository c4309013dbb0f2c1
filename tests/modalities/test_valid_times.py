from __future__ import annotations

import torch
from torch.nn.functional import adaptive_max_pool1d

from triad.modalities.valid_times import mean_over_valid, valid_at, valid_or_all


def test_validity_follows_adaptive_pooling():
    """A time of a map is valid where any input time that it stands for is, for every pair of lengths."""
    generator = torch.Generator().manual_seed(0)
    for input_times in range(1, 14):
        valid = torch.rand(3, 2, input_times, generator=generator) > 0.6
        for times in range(1, input_times + 3):
            pooled = adaptive_max_pool1d(valid.float(), times) > 0
            assert torch.equal(valid_at(valid, times), pooled), (input_times, times)


def test_all_count_where_none_is_valid():
    valid = torch.tensor([[True, False], [False, False]])
    assert valid_or_all(valid).tolist() == [[True, False], [True, True]]


def test_invalid_times_do_not_count():
    values = torch.tensor([[[1.0, 3.0, 100.0]], [[1.0, 2.0, 6.0]]])
    valid = torch.tensor([[True, True, False], [False, False, False]])
    assert mean_over_valid(values, valid).tolist() == [[2.0], [3.0]]  # the second has none: all count
