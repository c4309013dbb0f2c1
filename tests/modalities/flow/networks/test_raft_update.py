import copy

import pytest
import torch
from raft_networks import build_raft, noise
from torch.nn import functional as F
from torchvision.models.optical_flow import raft_large, raft_small

from triad.modalities.flow.networks.raft_update import InferenceUpdateBlock


@pytest.mark.parametrize("build", [raft_small, raft_large])
@pytest.mark.parametrize("channel_multiple", [1, 8])
@torch.inference_mode()
def test_update_equals_torchvision(build, channel_multiple):
    network = build_raft(build)
    block = network.update_block
    side = 2 * network.corr_block.radius + 1
    hidden_size = block.hidden_state_size
    context_size = block.recurrent_block.convgru1.convz.in_channels - hidden_size - block.motion_encoder.out_channels
    hidden = torch.tanh(noise(2, hidden_size, 5, 7))
    context = torch.relu(noise(2, context_size, 5, 7, seed=1))
    correlations = noise(2, 4 * side * side, 5, 7, seed=2)  # in the order (level, x, y)
    flow = noise(2, 2, 5, 7, seed=3)
    expected_hidden, expected_delta = block(hidden, context, correlations, flow)
    update_block = InferenceUpdateBlock(copy.deepcopy(block), network.corr_block, channel_multiple=channel_multiple)
    reordered = correlations.view(2, 4, side, side, 5, 7).permute(3, 2, 1, 0, 4, 5).reshape(side * side * 4, 2 * 5 * 7)
    padded_flow = F.pad(flow, (0, 0, 0, 0, 0, update_block.flow_channels - 2))
    assert update_block.units[0].gates.in_channels % channel_multiple == 0
    next_hidden, delta = update_block(hidden, update_block.context_terms(context), reordered, padded_flow)
    torch.testing.assert_close(next_hidden, expected_hidden, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(delta, expected_delta, atol=1e-4, rtol=1e-4)
