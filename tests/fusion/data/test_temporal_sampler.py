"""Spans and times that a temporal sampler draws."""

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.seeding import derive_rng

EXTENT = Span(10.0, 14.0)


def times_of(sampler: TemporalSampler, num_frames: int, number: int) -> list[float]:
    return sampler.times(sampler.clip_span(EXTENT, number), num_frames, None, number)[0].tolist()


def test_training_span_covers_random_share():
    """As in CTR-GCN: between half of the clip and all of it, anywhere."""
    spans = [TemporalSampler(min_span_ratio=0.5).random_span(EXTENT, derive_rng(seed)) for seed in range(300)]
    shares = [span.length / EXTENT.length for span in spans]
    assert 0.5 <= min(shares) < 0.52 < 0.98 < max(shares) <= 1
    assert min(span.start for span in spans) < 10.05
    assert 13.95 < max(span.end for span in spans) <= 14 + 1e-9


def test_single_clip_takes_segment_centres():
    sampler = TemporalSampler()
    times, valid = sampler.times(sampler.clip_span(EXTENT, 0), 4)
    assert times.tolist() == [10.5, 11.5, 12.5, 13.5]
    assert valid.tolist() == [True] * 4


def test_clips_of_whole_record_interleave():
    sampler = TemporalSampler(num_clips=2)
    assert times_of(sampler, 4, 0) == [10.25, 11.25, 12.25, 13.25]
    assert times_of(sampler, 4, 1) == [10.75, 11.75, 12.75, 13.75]


def test_clips_of_fixed_length_spread():
    sampler = TemporalSampler(length=2.0, num_clips=3)
    assert [times_of(sampler, 2, number) for number in range(3)] == [[10.5, 11.5], [11.5, 12.5], [12.5, 13.5]]


def test_training_ignores_clip_number():
    sampler = TemporalSampler(num_clips=4)
    first, fourth = (sampler.times(EXTENT, 8, derive_rng(3), number)[0] for number in (0, 3))
    assert np.array_equal(first, fourth)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"length": 0.0}, r"TemporalSampler\.length must be a positive number of seconds or None, got 0\.0"),
        ({"min_span_ratio": 0.0}, r"TemporalSampler\.min_span_ratio must be in \(0, 1\], got 0\.0"),
        ({"num_clips": 0}, r"TemporalSampler\.num_clips must be at least 1, got 0"),
    ],
)
def test_values_out_of_range_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        TemporalSampler(**options)
