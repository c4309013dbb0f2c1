"""Which spans and times a clock draws."""

import numpy as np

from fusion.data.temporal_sampler import TemporalSampler
from modalities.sampling import Span
from modalities.seeding import derive_rng

EXTENT = Span(10.0, 14.0)


def test_a_training_span_covers_a_random_share():
    """CTR-GCN's interval: between half of the clip and all of it, anywhere."""
    spans = [TemporalSampler(min_span_ratio=0.5).random(EXTENT, derive_rng(seed)) for seed in range(300)]
    shares = [span.length / EXTENT.length for span in spans]
    assert 0.5 <= min(shares) < 0.52 < 0.98 < max(shares) <= 1
    assert min(span.start for span in spans) < 10.05
    assert 13.95 < max(span.end for span in spans) <= 14 + 1e-9


def test_one_view_of_the_whole_takes_the_centres():
    clock = TemporalSampler()
    times, valid = clock.times(clock.view(EXTENT, 0), EXTENT, 4, None, 0)
    assert times.tolist() == [10.5, 11.5, 12.5, 13.5]
    assert valid.all()


def test_several_views_of_the_whole_take_different_times():
    clock = TemporalSampler(num_clips=2)
    first, second = (clock.times(clock.view(EXTENT, number), EXTENT, 4, None, number)[0] for number in range(2))
    assert first.tolist() == [10.25, 11.25, 12.25, 13.25]
    assert second.tolist() == [10.75, 11.75, 12.75, 13.75]


def test_views_of_a_fixed_length_differ_by_their_spans():
    clock = TemporalSampler(length=2.0, num_clips=3)
    times = [clock.times(clock.view(EXTENT, number), EXTENT, 2, None, number)[0].tolist() for number in range(3)]
    assert times == [[10.5, 11.5], [11.5, 12.5], [12.5, 13.5]]


def test_training_does_not_look_at_the_number():
    clock = TemporalSampler(num_clips=4)
    one, other = (clock.times(EXTENT, EXTENT, 8, derive_rng(3), number)[0] for number in (0, 3))
    assert np.array_equal(one, other)
