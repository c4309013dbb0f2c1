"""A time of a feature map is valid where a time it stands for is, for every pair of lengths."""

from __future__ import annotations

import torch
from torch.nn.functional import adaptive_max_pool1d

from fusion.models.streams import valid_at


def test_as_adaptive_pooling():
    generator = torch.Generator().manual_seed(0)
    for before in range(1, 14):
        valid = torch.rand(3, 2, before, generator=generator) > 0.6
        for times in range(1, before + 3):
            pooled = adaptive_max_pool1d(valid.float(), times) > 0
            assert torch.equal(valid_at(valid, times), pooled), (before, times)
