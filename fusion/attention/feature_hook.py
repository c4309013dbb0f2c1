"""Capture of the features that an attention module receives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn


@contextmanager
def capture_features(attention: nn.Module) -> Iterator[dict[str, Any]]:
    """Give a dict that holds, after a forward pass in the block, the features of each stream that went in."""
    features: dict[str, Any] = {}
    hook = attention.register_forward_pre_hook(lambda module, inputs: features.update(inputs[0]))
    try:
        yield features
    finally:
        hook.remove()
