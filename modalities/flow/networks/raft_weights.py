"""Weights of torchvision's RAFT from a file of the official code, of torchvision or of ``triad train``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from triad.modalities.atomic_files import sha256_of
from triad.modalities.checks import fail
from triad.modalities.flow.networks.checkpoints import extract_network_weights
from triad.modalities.flow.networks.random_weights import RANDOM_CURE
from triad.modalities.safe_load import read_tensors
from triad.modalities.state_dict import check_state_dict

SOURCES = {
    "raft_small": (
        "raft-small.pth of https://github.com/princeton-vl/RAFT (download_models.sh; SHA-256 "
        "c7d41b9cc88442bb8aa911dbb33086dac55a226394b142937ff22d5578717332) or "
        "https://download.pytorch.org/models/raft_small_C_T_V2-01064c6d.pth (SHA-256 begins with 01064c6d)"
    ),
    "raft_large": (
        "raft-things.pth or raft-sintel.pth of https://github.com/princeton-vl/RAFT (download_models.sh) or "
        "https://download.pytorch.org/models/raft_large_C_T_SKHT_V2-ff5fadd5.pth (SHA-256 begins with ff5fadd5)"
    ),
}

# pattern in the official name and its replacement in torchvision's, applied in turn
_RENAMES = (
    (r"^module\.", ""),
    (r"^fnet\.", "feature_encoder."),
    (r"^cnet\.", "context_encoder."),
    (r"^(\w+_encoder)\.conv1\.", r"\1.convnormrelu.0."),
    (r"^(\w+_encoder)\.norm1\.", r"\1.convnormrelu.1."),
    (r"^(\w+_encoder)\.conv2\.", r"\1.conv."),
    (r"\.(layer\d\.\d)\.conv(\d)\.", r".\1.convnormrelu\2.0."),
    (r"\.(layer\d\.\d)\.norm(\d)\.", r".\1.convnormrelu\2.1."),
    (r"^update_block\.encoder\.conv\.", "update_block.motion_encoder.conv.0."),
    (r"^update_block\.encoder\.convc(\d)\.", r"update_block.motion_encoder.convcorr\1.0."),
    (r"^update_block\.encoder\.convf(\d)\.", r"update_block.motion_encoder.convflow\1.0."),
    (r"^update_block\.gru\.(conv[zrq])\.", r"update_block.recurrent_block.convgru1.\1."),
    (r"^update_block\.gru\.(conv[zrq])(\d)\.", r"update_block.recurrent_block.convgru\2.\1."),
    (r"^update_block\.mask\.0\.", "mask_predictor.convrelu.0."),
    (r"^update_block\.mask\.2\.", "mask_predictor.conv."),
)
# RAFT-large registers the norm of a shortcut twice, as norm3 and as downsample.1
_DUPLICATE = re.compile(r"\.layer\d\.\d\.norm3\.")


def to_torchvision_names(state: Mapping[str, Tensor], *, large: bool) -> dict[str, Tensor]:
    """Return a state dict of the official code under torchvision's names; one with these names stays as it is.

    Args:
        state: state dict of RAFT.
        large: whether it is RAFT-large's.
    """
    renamed = {}
    for key, value in state.items():
        if large and _DUPLICATE.search(key):
            continue
        for pattern, replacement in _RENAMES:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value
    return renamed


def load_raft_weights(network: nn.Module, name: str, path: str | Path | None) -> dict[str, str]:
    """Load a file into torchvision's RAFT, key for key, and return its entry for the provenance.

    Args:
        network: RAFT of torchvision.
        name: ``raft_small`` or ``raft_large``.
        path: path of the file; None is an error that names where to get one.

    Raises:
        InputError: If the file is missing, holds more than tensors, or a key or shape differs.
    """
    cure = f"give it with --weights FILE: {SOURCES[name]}; {RANDOM_CURE}"
    if path is None:
        fail(f"weights of {name}", "be given", "none", cure)
    content = extract_network_weights(read_tensors(path, subject=f"weights of {name}", cure=cure))
    if not isinstance(content, Mapping):
        fail(f"weights '{path}'", "hold a state dict", type(content).__name__, cure)
    state = to_torchvision_names(content, large=name == "raft_large")
    check_state_dict(network.state_dict(), state, subject=f"weights of {name} '{path}'", cure=cure)
    network.load_state_dict(state)
    return {"weights_sha256": sha256_of(path)}
