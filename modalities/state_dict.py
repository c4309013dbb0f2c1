"""Whether weights from a file are those of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from modalities.checks import fail


def check_state(wanted: Mapping[str, Tensor], given: Any, *, what: str, cure: str) -> None:
    """Compare what a file holds with a network's own state dict, key for key.

    Args:
        wanted: the network's.
        given: the file's.
        what: what the message calls the file, e.g. ``"checkpoint 'epoch_1.pth'"``.
        cure: what the user can do.

    Raises:
        InputError: if it is no state dict, a key is missing or too many, or a shape differs, naming the first such key.
    """
    if not isinstance(given, Mapping):
        fail(what, "hold a state dict", type(given).__name__, cure)
    for key in {**wanted, **given}:
        want, got = (_shape(side[key]) if key in side else "nothing" for side in (wanted, given))
        if want != got:
            fail(f"'{key}' of {what}", f"have shape {want}" if key in wanted else "be absent", got, cure)


def _shape(value: Any) -> list[int] | str:
    return list(value.shape) if isinstance(value, Tensor) else type(value).__name__
