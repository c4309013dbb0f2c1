"""Comparison of weights from a file with the state dict of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from triad.modalities.checks import fail


def check_state_dict(expected: Mapping[str, Tensor], loaded: Any, *, subject: str, cure: str) -> None:
    """Compare the state dict of a file with that of a network, key for key.

    Args:
        expected: state dict of the network.
        loaded: content of the file.
        subject: name of the file in the message, e.g. ``"checkpoint 'epoch_1.pth'"``.
        cure: advice to the user, the end of the message.

    Raises:
        InputError: for content that is no state dict, and for missing or unexpected keys or other shapes, naming the
            first such key and the number of the others.
    """
    if not isinstance(loaded, Mapping):
        fail(subject, "hold a state dict", type(loaded).__name__, cure)
    keys = [key for key in {**expected, **loaded} if _shape(expected, key) != _shape(loaded, key)]
    if keys:
        first, *others = keys
        must = f"have shape {_shape(expected, first)}" if first in expected else "be absent"
        more = f" ({len(others)} more keys differ)" if others else ""
        fail(f"'{first}' of {subject}", must, f"{_shape(loaded, first)}{more}", cure)


def _shape(tensors: Mapping[str, Any], key: str) -> list[int] | str:
    if key not in tensors:
        return "nothing"
    value = tensors[key]
    return list(value.shape) if isinstance(value, Tensor) else type(value).__name__
