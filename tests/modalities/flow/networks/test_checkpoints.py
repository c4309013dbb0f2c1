import torch

from triad.modalities.flow.networks.checkpoints import extract_network_weights

WEIGHT = torch.ones(2)


def test_prefix_of_trained_model_is_removed():
    for prefix in ("network.", "network.raft."):
        content = {"state_dict": {f"{prefix}flows.0.bias": WEIGHT}, "meta": {"epoch": 1}}
        assert extract_network_weights(content) == {"flows.0.bias": WEIGHT}


def test_other_content_stays_unchanged():
    for content in ({"fnet.conv1.weight": WEIGHT}, {"state_dict": {"fnet.conv1.weight": WEIGHT}}, [1, 2]):
        assert extract_network_weights(content) is content
