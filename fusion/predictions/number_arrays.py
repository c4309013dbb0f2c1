"""Arrays of numbers from values of any type, where numpy would cut what does not fit, or read text."""

from __future__ import annotations

from typing import Any

import numpy as np

from triad.modalities.checks import fail


def to_integers(subject: str, values: Any) -> np.ndarray:
    """Return whole numbers as int64.

    Raises:
        InputError: If they are no whole numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iub" and not (array.dtype.kind == "f" and (array == np.trunc(array)).all()):
        fail(subject, "be whole numbers", array.dtype)
    if array.dtype.kind in "fu" and not (np.abs(array) < 1 << 62).all():
        fail(subject, "be whole numbers", "infinity or larger ones than 64 bits hold")
    return array.astype(np.int64)


def to_floats(subject: str, values: Any) -> np.ndarray:
    """Return real numbers as float32.

    Raises:
        InputError: If they are no real numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        fail(subject, "be real numbers", array.dtype)
    with np.errstate(over="ignore"):  # infinity is refused with the stream's name where scores must be finite
        return array.astype(np.float32, copy=False)
