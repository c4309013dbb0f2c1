"""Times that pass the end of a record, because a span is longer than it: held at the end, or wrapped to the start."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from triad.modalities.clips.sampling import Span

_ROUNDING = 1e-9  # seconds
_BEFORE_END = 1e-4  # seconds, more than the tolerance within which an entry is on display


def repeat_last(times: np.ndarray, extent: Span) -> tuple[np.ndarray, np.ndarray]:
    """Hold times that pass the end just before it, so that the last entry stays on display, and mark them invalid.

    Shapes: seconds ``[T]`` -> seconds ``[T]``, bool ``[T]``.
    """
    valid = times < extent.end - _ROUNDING
    return np.where(valid, times, max(extent.end - _BEFORE_END, extent.start)), valid


def loop(times: np.ndarray, extent: Span) -> tuple[np.ndarray, np.ndarray]:
    """Wrap times that pass the end to the start, as often as needed; all are valid.

    Carreira & Zisserman 2017, Quo Vadis, Action Recognition? (§3): shorter videos are looped.

    Shapes: seconds ``[T]`` -> seconds ``[T]``, bool ``[T]``.
    """
    length = max(extent.length, _BEFORE_END)
    elapsed = times - extent.start
    wrapped = extent.start + np.mod(elapsed + _ROUNDING, length) - _ROUNDING
    inside = times < extent.end - _ROUNDING
    return np.where(inside, times, wrapped), np.ones(len(times), bool)


OUT_OF_BOUND: dict[str, Callable[[np.ndarray, Span], tuple[np.ndarray, np.ndarray]]] = {
    "repeat_last": repeat_last,
    "loop": loop,
}
"""What becomes of times past the end of a record, in the words of mmaction2's ``SampleFrames.out_of_bound_opt``."""
