"""The weights of a flow network in a checkpoint that ``tools/train.py`` wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

PREFIXES = ("network.raft.", "network.")


def weights_of(content: Any) -> Any:
    """The network's own weights under its own names; anything that is no such checkpoint passes unchanged."""
    state = content.get("state_dict") if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping) or not all(key.startswith("network.") for key in state):
        return content
    return {_without_prefix(key): value for key, value in state.items() if isinstance(value, Tensor)}


def _without_prefix(key: str) -> str:
    prefix = next(prefix for prefix in PREFIXES if key.startswith(prefix))
    return key.removeprefix(prefix)
