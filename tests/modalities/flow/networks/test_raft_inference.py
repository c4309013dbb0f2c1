import pytest
import torch
from raft_networks import build_raft, noise
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
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


class OperationLog(TorchDispatchMode):
    """Names of the operations of a call that compute or copy, and the devices of the tensors that they read."""

    def __init__(self):
        super().__init__()
        self.names = []
        self.devices = set()

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        if not operation.is_view and "empty" not in str(operation):
            self.names.append(str(operation))
        self.devices |= {leaf.device.type for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)}
        return operation(*args, **(kwargs or {}))


def log_forward(network, iterations, device="cpu"):
    images = torch.zeros(3, 3, 128, 128, device=device)
    with torch.no_grad(), OperationLog() as log:
        network(images, iterations)
    return log


def test_forward_reads_nothing_of_host():
    """A CUDA graph cannot be captured of operations that copy from the host or whose shapes depend on data."""
    log = log_forward(InferenceRaft(build_raft(raft_small)).to("meta"), 2, "meta")
    assert log.devices == {"meta"}
    assert not [name for name in log.names if "lift" in name]


@pytest.mark.parametrize(("build", "most"), [(raft_small, 34), (raft_large, 45)])
def test_refinement_takes_few_operations(build, most):
    network = InferenceRaft(build_raft(build)).bfloat16()
    num_operations = [len(log_forward(network, iterations).names) for iterations in (1, 2)]
    assert num_operations[1] - num_operations[0] <= most


@torch.inference_mode()
def test_initial_flow_stays_unchanged():
    network = InferenceRaft(build_raft(raft_small))
    images = noise(2, 3, 128, 128).clamp(-1, 1)
    features = network.encode(images)
    initial_flow = noise(1, 2, 16, 16, seed=1)
    before = initial_flow.clone()
    network.refine(images[:1], features[:1], features[1:], iterations=1, initial_flow=initial_flow)
    assert torch.equal(initial_flow, before)
