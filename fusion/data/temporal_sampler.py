"""Which span of a record a sample shows; every stream then takes its own number of times within it."""

from __future__ import annotations

import numpy as np

from modalities.checks import check_choice, fail
from modalities.sampling import PAST_END, Span, even_spans, random_span, resolve_past_end, sample_times


class TemporalSampler:
    """Draws one span per view of a sample and the times of each stream in it.

    Args:
        length: seconds of a span; None takes the whole record.
        min_span_ratio: without a ``length``, the smallest share of the record that a training span covers, in (0, 1].
        num_clips: spans spread evenly over the record at test time; their scores are averaged. Without a ``length`` all
            are the whole record, and each takes another place of every segment, evenly spread (as the test clips of
            Duan et al. 2022, PYSKL, which draw them).
        past_end: what a stream shows where the span is longer than the record: hold, loop or mask.

    Raises:
        InputError: if a value is out of its range.
    """

    def __init__(
        self, *, length: float | None = None, min_span_ratio: float = 1.0, num_clips: int = 1, past_end: str = "hold"
    ) -> None:
        if length is not None and not length > 0:
            fail("TemporalSampler.length", "be a positive number of seconds or None", length)
        if not 0 < min_span_ratio <= 1:
            fail("TemporalSampler.min_span_ratio", "be in (0, 1]", min_span_ratio)
        if num_clips < 1:
            fail("TemporalSampler.num_clips", "be at least 1", num_clips)
        self.length, self.min_span_ratio, self.num_clips = length, min_span_ratio, num_clips
        self.past_end = check_choice("TemporalSampler.past_end", past_end, PAST_END)

    def random(self, extent: Span, rng: np.random.Generator) -> Span:
        """The span of a training sample."""
        length = extent.length * rng.uniform(self.min_span_ratio, 1.0) if self.length is None else self.length
        return random_span(extent=extent, length=length, rng=rng)

    def view(self, extent: Span, number: int) -> Span:
        """The span of view ``number`` of a test sample."""
        return even_spans(extent=extent, length=self.length or extent.length, count=self.num_clips)[number]

    def times(
        self, span: Span, extent: Span, count: int, rng: np.random.Generator | None, number: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Seconds and validity of ``count`` entries: one random time a segment in training, its centre at test.

        ``number`` is that of a test view; where all views show one span, they take different times in it.

        Shapes: float64 ``[count]``, bool ``[count]``.
        """
        policy = "uniform" if rng is None else "segments"
        phase = (number + 0.5) / self.num_clips if self.length is None else 0.5
        times = sample_times(span=span, count=count, policy=policy, rng=rng, phase=phase)
        return resolve_past_end(times, extent=extent, policy=self.past_end)
