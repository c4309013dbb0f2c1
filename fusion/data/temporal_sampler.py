"""Sampling of spans and times: one span per temporal clip, in which every stream takes its own number of times."""

from __future__ import annotations

import numpy as np

from modalities.checks import fail
from modalities.clips import Span, even_spans, random_span, sample_times
from modalities.registry import TRANSFORMS


@TRANSFORMS.register_module()
class TemporalSampler:
    """Temporal sampler that draws the span of a sample and the times of each stream in it.

    Where a span is longer than the record, the last entry of a stream stays on display.

    Args:
        length: length of a span in seconds; None takes the whole record.
        min_span_ratio: smallest share of the record that a training span covers, in (0, 1]; used without ``length``.
        num_clips: number of spans spread evenly over the record at test time, whose scores are averaged. Without a
            ``length`` all are the whole record, and each takes another place of every segment, evenly spread (as the
            test clips of Duan et al. 2022, PYSKL, which draw them).

    Raises:
        InputError: If a value is out of its range.
    """

    def __init__(self, *, length: float | None = None, min_span_ratio: float = 1.0, num_clips: int = 1) -> None:
        if length is not None and not length > 0:
            fail("TemporalSampler.length", "be a positive number of seconds or None", length)
        if not 0 < min_span_ratio <= 1:
            fail("TemporalSampler.min_span_ratio", "be in (0, 1]", min_span_ratio)
        if num_clips < 1:
            fail("TemporalSampler.num_clips", "be at least 1", num_clips)
        self.length = length
        self.min_span_ratio = min_span_ratio
        self.num_clips = num_clips

    def random_span(self, extent: Span, rng: np.random.Generator) -> Span:
        """Draw the span of a training sample."""
        length = extent.length * rng.uniform(self.min_span_ratio, 1.0) if self.length is None else self.length
        return random_span(extent=extent, length=length, rng=rng)

    def clip_span(self, extent: Span, number: int) -> Span:
        """Return the span of temporal clip ``number`` of a test sample."""
        return even_spans(extent=extent, length=self.length or extent.length, num_spans=self.num_clips)[number]

    def times(
        self, span: Span, num_frames: int, rng: np.random.Generator | None = None, number: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return times and their validity: a random time of each segment in training, its centre at test.

        Args:
            span: span of the sample.
            num_frames: number of times.
            rng: random generator in training; None at test.
            number: number of the temporal clip; where all clips show one span, they take different times in it.

        Shapes: seconds, float64 ``[num_frames]``; bool ``[num_frames]``.
        """
        policy = "uniform" if rng is None else "segments"
        phase = (number + 0.5) / self.num_clips if self.length is None else 0.5
        times = sample_times(span=span, num_frames=num_frames, policy=policy, rng=rng, phase=phase)
        return times, np.ones(num_frames, bool)
