"""Weights of a flow network in a checkpoint of ``triad train``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

PREFIXES = ("network.raft.", "network.")
"""Prefixes of the network's weights in the state dict of the trained model; the first that matches is removed."""


def extract_network_weights(content: Any) -> Any:
    """Return the network's weights under its own parameter names; return other content unchanged."""
    state = content.get("state_dict") if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping) or not all(key.startswith("network.") for key in state):
        return content
    return {_remove_prefix(key): value for key, value in state.items() if isinstance(value, Tensor)}


def _remove_prefix(key: str) -> str:
    prefix = next(prefix for prefix in PREFIXES if key.startswith(prefix))
    return key.removeprefix(prefix)
