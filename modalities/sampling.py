"""One clock: a span of seconds per view of a sample, and the times every stream takes in it.

Three pure steps, each with a table of policies: draw a span inside the extent of the record, take ``count`` times in
the span, bring times past the end of a stream back (or mark them). A stream then shows the entry that is on display
at each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from modalities.checks import check_choice, fail


class Span(NamedTuple):
    """The half-open interval ``[start, end)`` in seconds."""

    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


# ---- which span -------------------------------------------------------------------------------------------------


def random_span(*, extent: Span, length: float, rng: np.random.Generator) -> Span:
    """A span of ``length`` seconds somewhere in ``extent``; from its start where ``length`` is longer."""
    start = extent.start + rng.uniform(0, max(extent.length - length, 0.0))
    return Span(start, start + length)


def center_span(*, extent: Span, length: float) -> Span:
    """The middle ``length`` seconds of ``extent``; from its start where ``length`` is longer."""
    start = extent.start + max(extent.length - length, 0.0) / 2
    return Span(start, start + length)


def sliding_spans(*, extent: Span, length: float, stride: float) -> list[Span]:
    """Spans of ``length`` every ``stride`` seconds, as many as start before the last full one ends.

    The last one is moved back to end with ``extent``, so that the whole extent is covered and none is past the end.
    """
    if length <= 0 or stride <= 0:
        fail("sliding window", "have positive length and stride", f"{length=}, {stride=}")
    last = max(extent.length - length, 0.0)
    starts = [*np.arange(0.0, last, stride).tolist(), last]
    return [Span(extent.start + start, extent.start + start + length) for start in starts]


def even_spans(*, extent: Span, length: float, count: int) -> list[Span]:
    """``count`` spans of ``length`` seconds spread evenly over ``extent``: the temporal views of a test sample."""
    if count == 1:
        return [center_span(extent=extent, length=length)]
    starts = np.linspace(0.0, max(extent.length - length, 0.0), count)
    return [Span(extent.start + float(start), extent.start + float(start) + length) for start in starts]


# ---- which times in it ------------------------------------------------------------------------------------------


def _uniform(span: Span, count: int, rng: np.random.Generator | None, phase: float) -> np.ndarray:
    return span.start + (np.arange(count) + phase) * span.length / count


def _segments(span: Span, count: int, rng: np.random.Generator | None, phase: float) -> np.ndarray:
    if rng is None:
        fail("'segments' sampling", "be given a random generator", None, "use 'uniform' at test time")
    return span.start + (np.arange(count) + rng.random(count)) * span.length / count


TIMES: dict[str, Callable[[Span, int, np.random.Generator | None, float], np.ndarray]] = {
    "uniform": _uniform,  # one place, normally the centre, of `count` equal segments
    "segments": _segments,  # one random time in each of them (Wang et al. 2016, Temporal Segment Networks)
}


def sample_times(
    *, span: Span, count: int, policy: str = "uniform", rng: np.random.Generator | None = None, phase: float = 0.5
) -> np.ndarray:
    """``count`` increasing times within ``span``, in seconds, float64 ``[count]``.

    Args:
        span: where they lie.
        count: how many.
        policy: see ``TIMES``.
        rng: what ``segments`` draws from.
        phase: which place of its segment ``uniform`` takes, from 0, its start, to below 1.

    Raises:
        InputError: for an unknown policy, a count below 1 or a phase out of its range.
    """
    if not 0 <= phase < 1:
        fail("phase of times", "be in [0, 1)", phase)
    if count < 1:
        fail("number of times", "be at least 1", count)
    return TIMES[check_choice("time policy", policy, TIMES)](span, count, rng, phase)


def entries_at(times: np.ndarray, entry_times: np.ndarray) -> np.ndarray:
    """Index of the entry on display at each time: the last that began, or the first where none has.

    Shapes: ``[T]`` seconds, ``[N]`` increasing seconds -> int ``[T]``.
    """
    tolerance = 1e-6  # a time computed as i / fps must show entry i
    index = np.searchsorted(entry_times, times + tolerance, side="right") - 1
    return np.clip(index, 0, len(entry_times) - 1)
