"""Large arrays in memory that was used before: its pages are there already, new ones the system has to clear.

A batch of 8 clips of 32×224² takes 154 MB as floats: 37,632 pages, each of which the system clears when it is touched
first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import prod
from threading import Lock

import numpy as np
from numpy.typing import DTypeLike

MIN_BYTES = 1 << 22
"""Bytes of an array below which the C library keeps freed memory itself."""
MAX_BUFFERS = 4
"""Buffers that are kept, held or free."""

_buffers: list[np.ndarray] = []
_lock = Lock()
_probe = [np.empty(0)]
_REFERENCES_WHEN_FREE = sys.getrefcount(_probe[0])
"""References to an entry of a list that nobody else holds, as :func:`_is_free` counts them."""


def empty_array(shape: Sequence[int], dtype: DTypeLike) -> np.ndarray:
    """Return an uninitialised array, in a buffer that nobody holds any more where there is one of its size.

    A buffer is held as long as any array or tensor shows some of it. Free buffers of other sizes are let go when a new
    one is made.

    Args:
        shape: shape of the array.
        dtype: type of its elements.
    """
    dtype = np.dtype(dtype)
    size = prod(shape) * dtype.itemsize
    if size < MIN_BYTES:
        return np.empty(shape, dtype)
    with _lock:
        for position in range(len(_buffers)):
            if _buffers[position].nbytes == size and _is_free(position):
                return _buffers[position].view(dtype).reshape(shape)
        for position in reversed(range(len(_buffers))):
            if _is_free(position):
                del _buffers[position]
        buffer = np.empty(size, np.uint8)
        if len(_buffers) < MAX_BUFFERS:
            _buffers.append(buffer)
        return buffer.view(dtype).reshape(shape)


def _is_free(position: int) -> bool:
    """Return whether a buffer is held by the list alone."""
    return sys.getrefcount(_buffers[position]) <= _REFERENCES_WHEN_FREE
