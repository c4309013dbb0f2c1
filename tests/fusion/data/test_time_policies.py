"""Time policies of a temporal sampler: entries at constant stride, and stacks that fit."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.data.temporal_sampler import longest_stack
from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.flow import FlowReader
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.seeding import derive_rng

VIDEO = Source("v", 100, fps=25.0)
SHORT_VIDEO = Source("v", 20, fps=30.0)
SINGLE_FRAME = Source("v", 1, fps=30.0)


def extent_of_video(clock: Source) -> Span:
    return Span(0.0, clock.end)


def draw_frames(sampler: TemporalSampler, clock: Source, num_frames: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the frames of a training clip, and which are valid."""
    rng = derive_rng(seed)
    extent = extent_of_video(clock)
    span = sampler.random_span(extent, rng, clock)
    times, valid = sampler.times(span, num_frames, rng, extent=extent, clock=clock)
    return clock.locate(times), valid


def frames_at_test(
    sampler: TemporalSampler, clock: Source, num_frames: int, number: int = 0, stack: int = 1
) -> list[int]:
    """Return the numbers of the frames of a test clip."""
    extent = extent_of_video(clock)
    span = sampler.clip_span(extent, number, clock)
    times, _ = sampler.times(span, num_frames, None, number, extent=extent, clock=clock, stack=stack)
    return clock.locate(times).tolist()


@pytest.mark.parametrize("frame_interval", [1, 2, 4])
def test_drawn_clips_have_constant_stride(frame_interval):
    sampler = TemporalSampler(policy="dense", clip_len=16, frame_interval=frame_interval)
    starts = set()
    for seed in range(1000):
        frames, valid = draw_frames(sampler, VIDEO, 16, seed)
        assert frames.tolist() == [frames[0] + number * frame_interval for number in range(16)]
        assert valid.all()
        starts.add(int(frames[0]))
    assert starts == set(range(100 - 16 * frame_interval + 1))


def test_dense_test_clip_is_centred():
    sampler = TemporalSampler(policy="dense", clip_len=8, frame_interval=4)
    assert frames_at_test(sampler, VIDEO, 8) == [35, 39, 43, 47, 51, 55, 59, 63]  # (100 - 29) // 2 = 35


def test_streams_divide_one_span():
    sampler = TemporalSampler(policy="dense", clip_len=32, frame_interval=2)
    assert frames_at_test(sampler, VIDEO, 4) == [18, 34, 50, 66]
    assert frames_at_test(sampler, VIDEO, 64) == list(range(18, 82))


def test_interval_in_seconds_ignores_frame_rate():
    sampler = TemporalSampler(policy="dense", clip_len=4, interval=0.2)
    assert frames_at_test(sampler, VIDEO, 4) == [40, 45, 50, 55]  # 1.6 to 2.4 s of four
    assert frames_at_test(sampler, Source("v", 40, fps=10.0), 4) == [16, 18, 20, 22]
    frames, _ = draw_frames(sampler, VIDEO, 4, 0)
    assert np.diff(frames).tolist() == [5, 5, 5]
    assert sampler.length == pytest.approx(0.8)


def test_stride_counts_frames_of_varying_rate():
    clock = Source("v", 12, times=tuple(np.cumsum([0, 1, 1, 3, 1, 1, 2, 1, 5, 1, 1, 1]) / 10))
    sampler = TemporalSampler(policy="dense", clip_len=4, frame_interval=2)
    assert frames_at_test(sampler, clock, 4) == [2, 4, 6, 8]
    for seed in range(100):
        frames, _ = draw_frames(sampler, clock, 4, seed)
        assert np.diff(frames).tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("clock", "frames", "num_valid"),
    [(SHORT_VIDEO, [0, 4, 8, 12, 16, 19, 19, 19], 5), (SINGLE_FRAME, [0] * 8, 1)],
    ids=["20 frames", "one frame"],
)
def test_short_record_holds_last_frame(clock, frames, num_valid):
    sampler = TemporalSampler(policy="dense", clip_len=8, frame_interval=4)
    drawn, valid = draw_frames(sampler, clock, 8, 0)
    assert drawn.tolist() == frames_at_test(sampler, clock, 8) == frames
    assert valid.tolist() == [number < num_valid for number in range(8)]


@pytest.mark.parametrize(
    ("clock", "frames"),
    [(SHORT_VIDEO, [0, 4, 8, 12, 16, 0, 4, 8]), (SINGLE_FRAME, [0] * 8)],
    ids=["20 frames", "one frame"],
)
def test_short_record_can_be_looped(clock, frames):
    sampler = TemporalSampler(policy="dense", clip_len=8, frame_interval=4, out_of_bound_opt="loop")
    drawn, valid = draw_frames(sampler, clock, 8, 0)
    assert drawn.tolist() == frames_at_test(sampler, clock, 8) == frames
    assert valid.all()


@pytest.mark.parametrize("out_of_bound_opt", ["loop", "repeat_last"])
@pytest.mark.parametrize(("clip_len", "frame_interval"), [(16, 1), (32, 2), (8, 8)])
@pytest.mark.parametrize("num_frames", [1, 15, 31, 40, 100])
def test_test_frames_equal_sample_frames(num_frames, clip_len, frame_interval, out_of_bound_opt):
    pytest.importorskip("mmaction")
    from mmaction.datasets.transforms import SampleFrames

    options = {"clip_len": clip_len, "frame_interval": frame_interval, "out_of_bound_opt": out_of_bound_opt}
    clock = Source("v", num_frames, fps=30.0)
    sampler = TemporalSampler(policy="dense", num_clips=3, **options)
    reference = SampleFrames(num_clips=3, test_mode=True, **options)({"total_frames": num_frames, "start_index": 0})
    for number, frames in enumerate(reference["frame_inds"].reshape(3, clip_len)):
        ours = np.array(frames_at_test(sampler, clock, clip_len, number))
        if out_of_bound_opt == "repeat_last":  # mmaction2 repeats the last frame of the clip, not of the record
            ours = np.minimum(ours, frames.max())
        assert ours.tolist() == frames.tolist()


class FixedDraw:
    """Stands for a random generator and always draws one number, or the largest that is allowed."""

    def __init__(self, number: int) -> None:
        self.number = number

    def integers(self, high: int) -> int:
        return min(self.number, high - 1)


@pytest.mark.parametrize("number", [0, 7, 10**6])
@pytest.mark.parametrize(("clip_len", "frame_interval"), [(16, 1), (32, 2)])
@pytest.mark.parametrize("num_frames", [1, 15, 31, 40, 64, 100])
def test_drawn_frames_equal_sample_frames(num_frames, clip_len, frame_interval, number, monkeypatch):
    pytest.importorskip("mmaction")
    from mmaction.datasets.transforms import SampleFrames

    monkeypatch.setattr(np.random, "randint", lambda high, size: np.full(size, min(number, high - 1)))
    options = {"clip_len": clip_len, "frame_interval": frame_interval, "out_of_bound_opt": "loop"}
    reference = SampleFrames(**options)({"total_frames": num_frames, "start_index": 0})["frame_inds"]
    clock = Source("v", num_frames, fps=30.0)
    extent = extent_of_video(clock)
    sampler = TemporalSampler(policy="dense", **options)
    span = sampler.random_span(extent, FixedDraw(number), clock)
    times, _ = sampler.times(span, clip_len, derive_rng(0), extent=extent, clock=clock)
    assert clock.locate(times).tolist() == reference.tolist()


def test_uniform_training_has_no_jitter():
    sampler = TemporalSampler(policy="uniform", num_clips=2)
    times, _ = sampler.times(Span(10.0, 14.0), 4, derive_rng(0))
    assert times.tolist() == [10.5, 11.5, 12.5, 13.5]


def test_default_policies_are_as_before():
    sampler = TemporalSampler()
    span = Span(1.3, 2.9)
    times, _ = sampler.times(span, 8, derive_rng(5), extent=Span(0.0, 4.0))
    segments = span.start + (np.arange(8) + derive_rng(5).random(8)) * span.length / 8
    assert times.tobytes() == segments.tobytes()
    named, _ = TemporalSampler(policy="segments").times(span, 8, derive_rng(5))
    assert named.tobytes() == segments.tobytes()
    times, _ = sampler.times(span, 8, extent=Span(0.0, 4.0))
    assert times.tobytes() == (span.start + (np.arange(8) + 0.5) * span.length / 8).tobytes()


def test_stacks_fit_into_the_record():
    """Of 100 frames there are 99 fields; a stack of ten begins with field 0 to 89."""
    sampler = TemporalSampler(policy="stack")
    starts = set()
    for seed in range(2000):
        rng = derive_rng(seed)
        times, valid = sampler.times(Span(0.0, 4.0), 1, rng, extent=Span(0.0, 4.0), clock=VIDEO, stack=10)
        starts.add(int(VIDEO.locate(times)[0]))
        assert valid.all()
    assert starts == set(range(90))


def test_stacks_take_a_place_of_each_segment():
    assert frames_at_test(TemporalSampler(policy="stack"), VIDEO, 3, stack=10) == [15, 45, 75]
    clips = TemporalSampler(policy="stack", num_clips=3)
    assert [frames_at_test(clips, VIDEO, 1, number, stack=10) for number in range(3)] == [[15], [45], [75]]


def test_stack_longer_than_record_begins_with_it():
    assert frames_at_test(TemporalSampler(policy="stack"), SHORT_VIDEO, 2, stack=25) == [0, 0]


def test_longest_stack_of_the_readers():
    readers = [RgbReader(frame_size=(4, 4)), FlowReader(frame_size=(4, 4), stack=5), FlowReader(frame_size=(4, 4))]
    assert longest_stack(readers) == 5
    assert longest_stack(readers[:1]) == longest_stack([]) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"policy": "densee"},
            r"TemporalSampler.policy must be one of dense, .* got 'densee' \(did you mean 'dense'\?\)",
        ),
        ({"policy": "dense", "clip_len": 8}, r"have either frame_interval \(frames\) or interval .* got neither"),
        (
            {"policy": "dense", "clip_len": 8, "frame_interval": 2, "interval": 0.1},
            r"have either frame_interval .* got frame_interval=2 and interval=0.1",
        ),
        ({"policy": "dense", "frame_interval": 2}, r"TemporalSampler.clip_len must be at least 1 frame .* got None"),
        ({"policy": "dense", "clip_len": 0, "frame_interval": 2}, r"clip_len must be at least 1 frame .* got 0"),
        ({"policy": "dense", "clip_len": 8, "frame_interval": 0}, r"frame_interval must be a whole number .* got 0"),
        (
            {"policy": "dense", "clip_len": 8, "frame_interval": 1.5},
            r"frame_interval must be a whole number .* got 1.5",
        ),
        (
            {"policy": "dense", "clip_len": 8, "interval": -1.0},
            r"interval must be a positive number of seconds, got -1",
        ),
        ({"policy": "dense", "clip_len": 8, "interval": 0.1, "length": 2.0}, r"length must be None with .* got 2.0"),
        ({"clip_len": 8}, r"clip_len must be given with the policy 'dense' alone, got policy None; set policy='dense'"),
        ({"policy": "stack", "interval": 1.0}, r"interval must be given with the policy 'dense' alone, got policy 'st"),
        ({"out_of_bound_opt": "lop"}, r"out_of_bound_opt must be one of loop, repeat_last, got 'lop' \(did you mean"),
    ],
)
def test_unfit_options_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        TemporalSampler(**options)


def test_frames_need_a_clock():
    sampler = TemporalSampler(policy="dense", clip_len=8, frame_interval=2)
    with pytest.raises(InputError, match="record must have a clock of frames"):
        sampler.clip_span(Span(0.0, 1.0), 0)


def test_no_time_is_refused():
    with pytest.raises(InputError, match="number of times must be at least 1, got 0"):
        TemporalSampler().times(Span(0.0, 1.0), 0)
