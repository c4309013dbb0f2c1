"""Comparison of weights from a file with the state dict of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from modalities.checks import fail


def check_state_dict(expected: Mapping[str, Tensor], loaded: Any, *, subject: str, cure: str) -> None:
    """Compare the state dict of a file with that of a network, key for key.

    Args:
        expected: state dict of the network.
        loaded: content of the file.
        subject: name of the file in the message, e.g. ``"checkpoint 'epoch_1.pth'"``.
        cure: advice to the user, the end of the message.

    Raises:
        InputError: for content that is no state dict, and for a missing or unexpected key or another shape, naming the
            first such key.
    """
    if not isinstance(loaded, Mapping):
        fail(subject, "hold a state dict", type(loaded).__name__, cure)
    for key in {**expected, **loaded}:
        expected_shape, shape = (_shape(side[key]) if key in side else "nothing" for side in (expected, loaded))
        if shape != expected_shape:
            must = f"have shape {expected_shape}" if key in expected else "be absent"
            fail(f"'{key}' of {subject}", must, shape, cure)


def _shape(value: Any) -> list[int] | str:
    return list(value.shape) if isinstance(value, Tensor) else type(value).__name__
