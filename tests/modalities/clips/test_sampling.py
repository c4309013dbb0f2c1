import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.clips import (
    Span,
    center_span,
    entries_at,
    even_spans,
    random_span,
    sample_times,
    sliding_spans,
    stack_entries,
)


def test_uniform_times_are_centres_of_segments():
    assert sample_times(span=Span(1.0, 3.0), num_frames=4).tolist() == [1.25, 1.75, 2.25, 2.75]


def test_phase_moves_uniform_times():
    assert sample_times(span=Span(1.0, 3.0), num_frames=4, phase=0.25).tolist() == [1.125, 1.625, 2.125, 2.625]
    with pytest.raises(InputError, match=r"phase of times must be in \[0, 1\), got 1.0"):
        sample_times(span=Span(1.0, 3.0), num_frames=4, phase=1.0)


def test_segment_times_stay_in_their_segments():
    span = Span(10.0, 14.0)
    draws = [sample_times(span=span, num_frames=4, policy="segments", rng=np.random.default_rng(s)) for s in range(50)]
    assert all((np.floor(times - 10) == np.arange(4)).all() for times in draws)
    assert len({times.tobytes() for times in draws}) == 50


def test_segments_need_a_generator():
    with pytest.raises(InputError, match="'segments' sampling must be given a random generator"):
        sample_times(span=Span(0, 1), num_frames=2, policy="segments")


def test_center_and_even_spans():
    assert center_span(extent=Span(0, 10), length=4) == (3, 7)
    assert center_span(extent=Span(2, 4), length=5) == (2, 7)
    assert even_spans(extent=Span(0, 10), length=4, num_spans=3) == [(0, 4), (3, 7), (6, 10)]


def test_random_span_stays_inside():
    spans = [random_span(extent=Span(5, 9), length=1, rng=np.random.default_rng(s)) for s in range(100)]
    assert all(span.start >= 5 and span.end <= 9 for span in spans)
    assert max(span.start for span in spans) > 7 > 6 > min(span.start for span in spans)


def test_sliding_spans_cover_the_extent():
    assert sliding_spans(extent=Span(0, 10), length=4, stride=4) == [(0, 4), (4, 8), (6, 10)]
    assert sliding_spans(extent=Span(0, 3), length=4, stride=4) == [(0, 4)]
    assert sliding_spans(extent=Span(1, 9), length=4, stride=2) == [(1, 5), (3, 7), (5, 9)]


def test_entry_on_display():
    entries = np.arange(4) / 30
    assert entries_at(np.arange(4) / 30, entries).tolist() == [0, 1, 2, 3]
    assert entries_at(np.array([-1, 0.05, 0.0999, 9]), entries).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("num_frames", "policy", "message"), [(0, "uniform", "at least 1"), (2, "unifrom", "'uniform'")]
)
def test_invalid_requests_are_refused(num_frames, policy, message):
    with pytest.raises(InputError, match=message):
        sample_times(span=Span(0, 1), num_frames=num_frames, policy=policy)


def test_stacks_are_consecutive_inside_record():
    stacks = stack_entries(np.array([0, 4, 7, 9]), num_entries=10, stack=3)
    assert stacks.tolist() == [[0, 1, 2], [4, 5, 6], [7, 8, 9], [7, 8, 9]]


def test_stack_longer_than_record_shows_all():
    assert stack_entries(np.array([1]), num_entries=2, stack=4).tolist() == [[0, 1, 1, 1]]
