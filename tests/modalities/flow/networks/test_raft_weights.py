import pytest
import torch
from torchvision.models.optical_flow import raft_large, raft_small

from triad.modalities.checks import InputError
from triad.modalities.flow.networks.raft_weights import load_raft_weights, to_torchvision_names

CONV = ("weight", "bias")
NORM = (*CONV, "running_mean", "running_var", "num_batches_tracked")


def official_encoder_names(encoder, *, has_norms):
    """Parameter names of an encoder of the official RAFT-large; instance norms have no parameters."""
    modules = [("conv1", CONV), ("conv2", CONV)] + ([("norm1", NORM)] if has_norms else [])
    for layer in (1, 2, 3):
        for block in (0, 1):
            prefix = f"layer{layer}.{block}"
            modules += [(f"{prefix}.conv1", CONV), (f"{prefix}.conv2", CONV)]
            modules += [(f"{prefix}.norm1", NORM), (f"{prefix}.norm2", NORM)] if has_norms else []
            if block == 0 and layer > 1:
                modules += [(f"{prefix}.downsample.0", CONV)]
                modules += [(f"{prefix}.norm3", NORM), (f"{prefix}.downsample.1", NORM)] if has_norms else []
    return [f"module.{encoder}.{module}.{kind}" for module, kinds in modules for kind in kinds]


def official_raft_large_names():
    modules = ["encoder.convc1", "encoder.convc2", "encoder.convf1", "encoder.convf2", "encoder.conv"]
    modules += [f"gru.conv{gate}{unit}" for unit in (1, 2) for gate in "zrq"]
    modules += ["flow_head.conv1", "flow_head.conv2", "mask.0", "mask.2"]
    update_block = [f"module.update_block.{module}.{kind}" for module in modules for kind in CONV]
    encoders = official_encoder_names("fnet", has_norms=False) + official_encoder_names("cnet", has_norms=True)
    return encoders + update_block


def test_official_names_map_to_torchvision():
    state = to_torchvision_names({name: torch.zeros(()) for name in official_raft_large_names()}, large=True)
    assert set(state) == set(raft_large(weights=None).state_dict())


def test_torchvision_names_stay_unchanged():
    for build, large in ((raft_small, False), (raft_large, True)):
        names = list(build(weights=None).state_dict())
        assert list(to_torchvision_names(dict.fromkeys(names), large=large)) == names


def test_missing_weights_name_their_source():
    with pytest.raises(InputError, match=r"weights of raft_small must be given, got none; .*SHA-256 c7d41b9c"):
        load_raft_weights(raft_small(weights=None), "raft_small", None)
