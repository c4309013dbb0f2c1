import pytest
import torch
from raft_networks import build_raft, noise
from torchvision.models.optical_flow import raft_large, raft_small

from triad.modalities.flow.networks.raft_inference import InferenceRaft


@pytest.mark.parametrize("build", [raft_small, raft_large])
@torch.inference_mode()
def test_flow_equals_torchvision(build):
    network = build_raft(build)
    images = noise(3, 3, 128, 136).clamp(-1, 1)
    expected = network(images[:-1], images[1:], num_flow_updates=2)[-1]
    flow = InferenceRaft(network)(images, 2)
    assert expected.abs().max() > 1  # random weights estimate some motion
    torch.testing.assert_close(flow, expected, atol=2e-3, rtol=1e-4)


@pytest.mark.slow
def test_network_compiles_as_one_graph():
    """``torch.compile`` needs this on a GPU; here it is only traced, without a compiler."""
    network = InferenceRaft(build_raft(raft_small))
    images = noise(3, 3, 128, 128).clamp(-1, 1)
    with torch.inference_mode():
        traced = torch.compile(network, backend="eager", fullgraph=True, dynamic=False)
        torch.testing.assert_close(traced(images, 2), network(images, 2), atol=1e-3, rtol=1e-3)
