"""Stacks of consecutive fields, as two-stream networks read them."""

from __future__ import annotations

import numpy as np

from modalities.checks import fail


def stack_indices(centers: np.ndarray, *, length: int, num: int) -> np.ndarray:
    """Indices of ``length`` consecutive fields around each centre; at the ends the outermost field repeats.

    Simonyan & Zisserman 2014, Two-Stream Convolutional Networks for Action Recognition in Videos, §3.1.

    Shapes: int ``[T]`` -> int ``[T, L]``.

    Raises:
        InputError: if ``length`` is below 1.
    """
    if length < 1:
        fail("length of a flow stack", "be at least 1", length)
    offsets = np.arange(length) - length // 2
    return np.clip(np.asarray(centers)[:, None] + offsets, 0, num - 1)


def stack_fields(fields: np.ndarray, *, length: int) -> np.ndarray:
    """Around every field the stack of its neighbours.

    Shapes: ``[T, H, W, 2]`` -> ``[T, L, H, W, 2]``.
    """
    return fields[stack_indices(np.arange(len(fields)), length=length, num=len(fields))]
