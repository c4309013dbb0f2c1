from __future__ import annotations

import torch
from torch.nn.functional import adaptive_max_pool1d

from modalities.valid_times import valid_at


def test_validity_follows_adaptive_pooling():
    """A time of a map is valid where any input time that it stands for is, for every pair of lengths."""
    generator = torch.Generator().manual_seed(0)
    for input_times in range(1, 14):
        valid = torch.rand(3, 2, input_times, generator=generator) > 0.6
        for times in range(1, input_times + 3):
            pooled = adaptive_max_pool1d(valid.float(), times) > 0
            assert torch.equal(valid_at(valid, times), pooled), (input_times, times)
