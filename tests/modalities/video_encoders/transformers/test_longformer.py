from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from triad.modalities.checks import InputError
from triad.modalities.cost import count_parameters
from triad.modalities.encoder import EncoderOutput
from triad.modalities.meta_device import build_on_meta
from triad.modalities.video_encoders import Longformer


def run(network: Longformer, data: Tensor, valid: Tensor | None = None) -> EncoderOutput:
    if valid is None:
        valid = torch.ones(len(data), data.shape[2], dtype=torch.bool)
    with torch.no_grad():
        return network.eval()(data, valid)


@pytest.fixture
def network() -> Longformer:
    torch.manual_seed(0)
    return Longformer(in_channels=8, heads=2, depth=1, window=4, max_times=12)


def test_time_sees_its_window_alone(network: Longformer):
    """One block, window 4: the frame at time 6 reaches the times 4 to 8 and the class token."""
    data = torch.randn(1, 8, 12)
    changed = data.clone()
    changed[:, :4, 6] += 1  # not of all channels, which the norm takes out
    before = run(network, data)
    after = run(network, changed)
    different = (before.map - after.map).abs().amax(1)[0] > 1e-6
    assert different.nonzero().flatten().tolist() == [4, 5, 6, 7, 8]
    assert not torch.allclose(before.pooled, after.pooled)


def test_invalid_times_are_not_seen(network: Longformer):
    data = torch.randn(2, 8, 6)
    valid = torch.tensor([[True] * 4 + [False] * 2, [True] * 6])
    changed = data.clone()
    changed[0, :, 4:] = 9
    before = run(network, data, valid)
    after = run(network, changed, valid)
    torch.testing.assert_close(before.pooled, after.pooled)
    torch.testing.assert_close(before.map[0, :, :4], after.map[0, :, :4])


def test_order_matters(network: Longformer):
    data = torch.randn(1, 8, 6)
    assert not torch.allclose(run(network, data).pooled, run(network, data.flip(2)).pooled)


def test_block_has_longformers_parameters():
    """A block of BERT with 768 channels, 7,087,872, and three projections of the global token."""
    options: dict[str, Any] = dict(in_channels=768)
    network = build_on_meta(lambda: Longformer(**options))
    assert [count_parameters(block) for block in network.blocks] == [7_087_872 + 3 * 769 * 768] * 3


def test_too_long_sequence_is_refused(network: Longformer):
    with pytest.raises(InputError, match=r"number of times of Longformer must be at most 12, got 13; set max_times"):
        run(network, torch.zeros(1, 8, 13))
