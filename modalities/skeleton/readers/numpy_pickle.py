"""How numpy writes arrays and scalars into a pickle: the functions it names, and what they make."""

from __future__ import annotations

import re
from math import prod
from typing import Any

import numpy as np

DTYPE = re.compile(r"[<>=|]?([fiu][1248]|b1|U\d{1,3}|S\d{1,3})")
_NUMPY = {
    f"{package}.{name}": name.rsplit(".", 1)[1]
    for package in ("numpy.core", "numpy._core")
    for name in ("multiarray._reconstruct", "multiarray.scalar", "numeric._frombuffer")
}
GLOBALS = {
    **_NUMPY,
    "numpy.ndarray": "ndarray",
    "numpy.dtype": "dtype",
    "_codecs.encode": "encode",
    **{f"{package}.{name}": name for package in ("builtins", "__builtin__") for name in ("set", "bytearray")},
}
"""What a pickle may name, and what it is here; nothing of it is ever imported by name."""


class Global(str):
    """A name on the stack, which is no string of the file."""


class Unfilled:
    """An array before its content comes; ``memos`` are where the machine has put it."""

    def __init__(self) -> None:
        self.memos: list[int] = []


class Type:
    """An array's type; its byte order comes later."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype


def make_array(content: Any, kind: Type, shape: tuple[Any, ...], order: str) -> np.ndarray:
    """An array whose shape is what there is, on the bytes themselves.

    Raises:
        TypeError, ValueError: if it is not.
    """
    if not isinstance(content, (bytes, bytearray)) or not all(isinstance(size, int) and size >= 0 for size in shape):
        raise TypeError("content of an array that is no bytes")
    if len(shape) > 32 or prod(shape) * kind.dtype.itemsize != len(content) or order not in ("C", "F"):
        raise ValueError(f"{len(content)} bytes for an array of {kind.dtype} {list(shape)}")
    if not content:
        return np.zeros(shape, kind.dtype)
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order)  # type: ignore[call-overload,no-any-return]
