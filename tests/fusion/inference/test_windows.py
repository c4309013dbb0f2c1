"""Which windows, and that a window is read as a record of that span is at test."""

import numpy as np
import pytest

from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.interfaces import ClipLengths, Model, StreamInput
from fusion.inference.sliding_window import Key, SlidingWindow, choose_sliding_window, plan_window
from modalities.checks import InputError
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span
from modalities.source import Source


def model(*, temporal_sampler=None, lengths=None, count=4, name="m"):
    reading = StreamInput(RgbReader(frame_size=(8, 8)), count, "rgb")
    return Model(name, lambda batch: {}, ("a", "b"), {"rgb": reading}, temporal_sampler or TemporalSampler(), lengths)


def test_a_video_up_to_the_longest_training_clip_is_one_window():
    sliding = choose_sliding_window([model(lengths=ClipLengths(2.0, 5.0))], window=None, stride=None)
    assert sliding == SlidingWindow(2.0, 1.0, 5.0)
    assert sliding.over(Span(0, 5)) == [Span(0, 5)]
    assert sliding.over(Span(0, 5.5)) == [
        (0, 2), (1, 3), (2, 4), (3, 5), (3.5, 5.5),
    ]  # the last one ends with the video  # fmt: skip


def test_a_window_that_is_asked_for_counts_alone():
    sliding = choose_sliding_window([model(lengths=ClipLengths(2.0, 5.0))], window=3.0, stride=3.0)
    assert sliding.over(Span(0, 4)) == [(0, 3), (1, 4)]
    assert sliding.over(Span(0, 3)) == [(0, 3)]
    assert len(sliding.over(Span(0, 3 + 1e-9))) == 1  # two clocks that mean the same


def test_a_clock_with_a_length_says_how_long_a_window_is():
    learned = model(temporal_sampler=TemporalSampler(length=1.5), lengths=ClipLengths(20.0, 90.0))
    assert choose_sliding_window([learned], window=None, stride=None) == SlidingWindow(1.5, 0.75, 1.5)
    both = [learned, model(lengths=ClipLengths(2.0, 3.0))]
    assert choose_sliding_window(both, window=None, stride=0.5) == SlidingWindow(2.0, 0.5, 3.0)


def test_endless_windows_go_on_by_the_stride():
    spans = SlidingWindow(2.0, 0.5, 2.0).endless()
    assert [next(spans) for _ in range(3)] == [(0, 2), (0.5, 2.5), (1, 3)]


def test_nothing_says_how_long():
    with pytest.raises(InputError, match=r"checkpoint of m must say how long .* got nothing; give --window SECONDS"):
        choose_sliding_window([model()], window=None, stride=None)
    for window, stride, name in ((-1.0, None, "--window"), (1.0, 0.0, "--stride"), (float("nan"), None, "--window")):
        with pytest.raises(InputError, match=f"{name} must be a positive number of seconds"):
            choose_sliding_window([model()], window=window, stride=stride)


def test_times_are_the_centres_of_segments_and_views_are_spread():
    source = Source("v.mp4", 40, fps=10.0)
    window = plan_window(
        3, Span(1.0, 3.0), [model(temporal_sampler=TemporalSampler(length=1.0, num_clips=2))], {"rgb": source}
    )
    first, second = (window.glances[Key(0, "rgb", view)] for view in (0, 1))
    np.testing.assert_allclose(first.times, [1.125, 1.375, 1.625, 1.875])
    assert first.shown.tolist() == [11, 13, 16, 18]
    assert second.shown.tolist() == [21, 23, 26, 28]
    assert first.valid.all()


def test_a_source_that_is_absent_has_no_entries():
    window = plan_window(0, Span(0, 1), [model()], {"rgb": None})
    assert window.glances[Key(0, "rgb", 0)].source is None
    assert window.glances[Key(0, "rgb", 0)].shown.size == 0
