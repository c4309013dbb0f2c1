from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.optim import SGD, Adadelta, AdamW

from triad.fusion.training import fused_optimizer
from triad.fusion.training.fused_optimizer import fuse


def trained(optimizer_type, **options):
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    optimizer = optimizer_type(network.parameters(), lr=0.1, **options)
    fuse(optimizer)
    for _ in range(3):
        optimizer.zero_grad()
        network(torch.ones(4, 3)).square().sum().backward()
        optimizer.step()
    return network, optimizer


@pytest.fixture
def as_on_gpu(monkeypatch):
    """Let parameters on the CPU pass for ones on a GPU: torch has fused optimizers for both."""
    may_be_fused = fused_optimizer._may_be_fused

    class OnGpu:
        is_cuda, is_sparse, dtype = True, False, torch.float32

    def check(group):
        return may_be_fused({**group, "params": [OnGpu()]})

    monkeypatch.setattr(fused_optimizer, "_may_be_fused", check)
    monkeypatch.setattr(torch, "is_floating_point", lambda value: True)


def test_cpu_keeps_its_implementation():
    _, optimizer = trained(AdamW)
    assert optimizer.param_groups[0]["fused"] is None


@pytest.mark.parametrize("optimizer_type", [SGD, AdamW])
def test_fused_steps_differ_by_rounding(as_on_gpu, optimizer_type):
    network, optimizer = trained(optimizer_type)
    assert optimizer.param_groups[0]["fused"] is True
    plain = trained(optimizer_type, foreach=False)[0]
    torch.testing.assert_close(network.weight, plain.weight, rtol=1e-6, atol=1e-6)


def test_choice_of_config_stays(as_on_gpu):
    assert trained(AdamW, foreach=True)[1].param_groups[0]["fused"] is None
    assert trained(AdamW, fused=False)[1].param_groups[0]["fused"] is False
    assert "fused" not in trained(Adadelta)[1].param_groups[0]


def test_checkpoint_keeps_implementation_of_device(as_on_gpu, monkeypatch):
    network, optimizer = trained(AdamW)
    stored = copy.deepcopy(optimizer.state_dict())
    monkeypatch.undo()
    other, on_cpu = trained(AdamW)
    on_cpu.load_state_dict(stored)
    assert on_cpu.param_groups[0]["fused"] is None
    assert torch.equal(on_cpu.state[other.weight]["exp_avg"], optimizer.state[network.weight]["exp_avg"])
    assert stored["param_groups"][0]["fused"] is True  # not changed in place
