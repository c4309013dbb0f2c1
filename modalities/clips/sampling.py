"""Sampling of spans and of the times in them.

A span of seconds is drawn inside the extent of a record; every stream then takes its own number of times in it, and
shows the entry that is on display at each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from triad.modalities.checks import check_choice, fail


class Span(NamedTuple):
    """Half-open interval ``[start, end)`` in seconds."""

    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def random_span(*, extent: Span, length: float, rng: np.random.Generator) -> Span:
    """Draw a span of ``length`` seconds in ``extent``; where ``length`` is longer, it begins with the extent."""
    start = extent.start + rng.uniform(0, max(extent.length - length, 0.0))
    return Span(start, start + length)


def center_span(*, extent: Span, length: float) -> Span:
    """Return the middle ``length`` seconds of ``extent``; where ``length`` is longer, it begins with the extent."""
    start = extent.start + max(extent.length - length, 0.0) / 2
    return Span(start, start + length)


def sliding_spans(*, extent: Span, length: float, stride: float) -> list[Span]:
    """Return spans of ``length`` every ``stride`` seconds that together cover ``extent``.

    The last one is moved back to end with the extent.

    Raises:
        InputError: If ``length`` or ``stride`` is not positive.
    """
    if length <= 0 or stride <= 0:
        fail("sliding window", "have positive length and stride", f"{length=}, {stride=}")
    last = max(extent.length - length, 0.0)
    starts = [*np.arange(0.0, last, stride).tolist(), last]
    return [Span(extent.start + start, extent.start + start + length) for start in starts]


def even_spans(*, extent: Span, length: float, num_spans: int) -> list[Span]:
    """Return spans of ``length`` seconds spread evenly over ``extent``, as the temporal clips of a test sample."""
    if num_spans == 1:
        return [center_span(extent=extent, length=length)]
    starts = np.linspace(0.0, max(extent.length - length, 0.0), num_spans)
    return [Span(extent.start + float(start), extent.start + float(start) + length) for start in starts]


def _uniform_times(
    span: Span, num_frames: int, rng: np.random.Generator | None, phase: float, stack_length: float
) -> np.ndarray:
    return span.start + (np.arange(num_frames) + phase) * span.length / num_frames


def _segment_times(
    span: Span, num_frames: int, rng: np.random.Generator | None, phase: float, stack_length: float
) -> np.ndarray:
    if rng is None:
        fail("'segments' sampling", "be given a random generator", None, "use 'uniform' at test time")
    return span.start + (np.arange(num_frames) + rng.random(num_frames)) * span.length / num_frames


def _dense_times(
    span: Span, num_frames: int, rng: np.random.Generator | None, phase: float, stack_length: float
) -> np.ndarray:
    return span.start + np.arange(num_frames) * span.length / num_frames


def _stack_times(
    span: Span, num_frames: int, rng: np.random.Generator | None, phase: float, stack_length: float
) -> np.ndarray:
    starts = Span(span.start, max(span.end - stack_length, span.start))
    place = _uniform_times if rng is None else _segment_times
    return place(starts, num_frames, rng, phase, stack_length)


TIME_POLICIES: dict[str, Callable[[Span, int, np.random.Generator | None, float, float], np.ndarray]] = {
    "uniform": _uniform_times,
    "segments": _segment_times,
    "dense": _dense_times,
    "stack": _stack_times,
}
"""Policies of the times in a span.

``uniform`` and ``segments`` divide it into equal segments, of which ``uniform`` takes the same point of each, normally
the centre, and ``segments`` a random time of each (Wang et al. 2016, Temporal Segment Networks). ``dense`` takes times
at a constant stride from the start on (Tran et al. 2015, C3D; Feichtenhofer et al. 2019, SlowFast). ``stack`` takes
times at which stacks of consecutive flow fields begin: as ``segments`` where it is given a random generator, else as
``uniform``, in the part of the span in which a stack fits before the end (Simonyan & Zisserman 2014, Two-Stream
Convolutional Networks)."""


def sample_times(
    *,
    span: Span,
    num_frames: int,
    policy: str = "uniform",
    rng: np.random.Generator | None = None,
    phase: float = 0.5,
    stack_length: float = 0.0,
) -> np.ndarray:
    """Return times within ``span`` that never decrease, float64 ``[num_frames]``, in the unit of the span.

    Args:
        span: span of the times, normally in seconds.
        num_frames: number of times.
        policy: ``uniform``, ``segments``, ``dense`` or ``stack``, see ``TIME_POLICIES``.
        rng: random generator of ``segments`` and, in training, ``stack``.
        phase: position in its segment that ``uniform`` takes, in [0, 1); 0 is its start.
        stack_length: length of a stack of ``stack``.

    Raises:
        InputError: for an unknown policy, a number below 1 or a phase out of its range.
    """
    if not 0 <= phase < 1:
        fail("phase of times", "be in [0, 1)", phase)
    if num_frames < 1:
        fail("number of times", "be at least 1", num_frames)
    place = TIME_POLICIES[check_choice("time policy", policy, TIME_POLICIES)]
    return place(span, num_frames, rng, phase, stack_length)


def entries_at(times: np.ndarray, entry_times: np.ndarray) -> np.ndarray:
    """Return the index of the entry on display at each time: the last that has begun, or the first if none has.

    Shapes: ``[T]`` seconds, ``[N]`` increasing seconds -> int ``[T]``.
    """
    tolerance = 1e-6  # a time computed as i / fps must show entry i
    index = np.searchsorted(entry_times, times + tolerance, side="right") - 1
    return np.clip(index, 0, len(entry_times) - 1)


def stack_entries(first_entries: np.ndarray, *, num_entries: int, stack: int) -> np.ndarray:
    """Return ``stack`` consecutive entries from each first one on, without gaps or repeats.

    A stack that would pass the end is moved back until it fits. Where there are fewer than ``stack`` entries, it shows
    all of them from the first on, and the last fills the places that are left.

    Args:
        first_entries: indices of the entries on display.
        num_entries: number of entries, at least 1.
        stack: number of entries of a stack, L.

    Shapes: int ``[T]`` -> int ``[T, L]``.
    """
    starts = np.clip(first_entries, 0, max(num_entries - stack, 0))
    return np.minimum(starts[:, None] + np.arange(stack), num_entries - 1)
