import pytest
import torch
from torch import nn

from triad.modalities.flow.networks.random_weights import build_seeded, parse_random_seed


@pytest.mark.parametrize(("weights", "seed"), [("random:3", 3), ("random:x", None), ("a.pth", None), (None, None)])
def test_parse_random_seed(weights, seed):
    assert parse_random_seed(weights) == seed


def test_weights_depend_on_seed_alone():
    state = torch.get_rng_state()
    networks = [build_seeded(lambda: nn.Linear(2, 2), f"random:{seed}") for seed in (3, 3, 4)]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(networks[0].weight, networks[1].weight)
    assert not torch.equal(networks[0].weight, networks[2].weight)
