"""Spans of windows, and a window that is sampled like a record of that span at test."""

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.interfaces import ClipLengths, Model, StreamInput
from triad.fusion.inference.sliding_window import ClipKey, SlidingWindow, choose_sliding_window, plan_window
from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.rgb.reader import RgbReader


def build_model(*, temporal_sampler=None, clip_lengths=None):
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(8, 8)), 4, "rgb")}
    return Model("m", lambda batch: {}, ("a", "b"), inputs, temporal_sampler or TemporalSampler(), clip_lengths)


def test_short_video_is_one_window():
    sliding = choose_sliding_window([build_model(clip_lengths=ClipLengths(2.0, 5.0))], window=None, stride=None)
    assert sliding == SlidingWindow(2.0, 1.0, 5.0)
    assert sliding.spans(Span(0, 5)) == [Span(0, 5)]
    assert sliding.spans(Span(0, 5.5)) == [
        (0, 2), (1, 3), (2, 4), (3, 5), (3.5, 5.5),
    ]  # the last one ends with the video  # fmt: skip


def test_requested_window_overrides_clip_lengths():
    sliding = choose_sliding_window([build_model(clip_lengths=ClipLengths(2.0, 5.0))], window=3.0, stride=3.0)
    assert sliding.spans(Span(0, 4)) == [(0, 3), (1, 4)]
    assert sliding.spans(Span(0, 3)) == [(0, 3)]
    assert len(sliding.spans(Span(0, 3 + 1e-9))) == 1  # rounding


def test_sampler_length_sets_window_length():
    sampled = build_model(temporal_sampler=TemporalSampler(length=1.5), clip_lengths=ClipLengths(20.0, 90.0))
    assert choose_sliding_window([sampled], window=None, stride=None) == SlidingWindow(1.5, 0.75, 1.5)
    models = [sampled, build_model(clip_lengths=ClipLengths(2.0, 3.0))]
    assert choose_sliding_window(models, window=None, stride=0.5) == SlidingWindow(2.0, 0.5, 3.0)


def test_dense_seconds_set_window_length():
    dense = TemporalSampler(policy="dense", clip_len=16, interval=0.125)
    sampled = build_model(temporal_sampler=dense, clip_lengths=ClipLengths(20.0, 90.0))
    assert choose_sliding_window([sampled], window=None, stride=None) == SlidingWindow(2.0, 1.0, 2.0)


def test_dense_frames_keep_the_clip_length():
    dense = TemporalSampler(policy="dense", clip_len=16, frame_interval=2)
    sampled = build_model(temporal_sampler=dense, clip_lengths=ClipLengths(2.0, 3.0))
    assert choose_sliding_window([sampled], window=None, stride=None) == SlidingWindow(2.0, 1.0, 3.0)


def test_live_spans_follow_the_stride():
    spans = SlidingWindow(2.0, 0.5, 2.0).live_spans()
    assert [next(spans) for _ in range(3)] == [(0, 2), (0.5, 2.5), (1, 3)]


def test_unknown_window_length_is_refused():
    with pytest.raises(InputError, match=r"checkpoint of m must hold the lengths .* got none; give --window SECONDS"):
        choose_sliding_window([build_model()], window=None, stride=None)


@pytest.mark.parametrize(
    ("window", "stride", "option"),
    [(-1.0, None, "--window"), (1.0, 0.0, "--stride"), (float("nan"), None, "--window")],
)
def test_window_must_be_positive(window, stride, option):
    with pytest.raises(InputError, match=f"{option} must be a positive number of seconds"):
        choose_sliding_window([build_model()], window=window, stride=stride)


def test_window_samples_segment_centres():
    model = build_model(temporal_sampler=TemporalSampler(length=1.0, num_clips=2))
    window = plan_window(3, Span(1.0, 3.0), [model], {"rgb": Source("v.mp4", 40, fps=10.0)})
    first, second = (window.samplings[ClipKey(0, "rgb", clip)] for clip in (0, 1))
    np.testing.assert_allclose(first.times, [1.125, 1.375, 1.625, 1.875])
    assert first.indices.tolist() == [11, 13, 16, 18]
    assert second.indices.tolist() == [21, 23, 26, 28]
    assert first.valid.all()


def test_window_counts_frames_of_its_video():
    dense = TemporalSampler(policy="dense", clip_len=4, frame_interval=2)
    clock = Source("v.mp4", 40, fps=10.0)
    model = build_model(temporal_sampler=dense)
    window = plan_window(0, Span(1.0, 3.0), [model], {"rgb": clock}, clock)
    assert window.samplings[ClipKey(0, "rgb", 0)].indices.tolist() == [16, 18, 20, 22]  # 10 + (20 - 7) // 2


def test_absent_source_has_no_entries():
    sampling = plan_window(0, Span(0, 1), [build_model()], {"rgb": None}).samplings[ClipKey(0, "rgb", 0)]
    assert sampling.source is None
    assert sampling.indices.size == 0
