"""Spans of whole frames begin where mmaction2's SampleFrames lets its clips begin."""

import numpy as np
import pytest

from triad.modalities.clips import Source, Span, even_frame_span, random_frame_span
from triad.modalities.seeding import derive_rng

FPS = 25.0


def frames_of(span: Span, clock: Source) -> list[float]:
    return np.round(clock.positions_at(np.array(span)), 6).tolist()


def test_random_spans_reach_both_ends():
    clock = Source("v", 40, fps=FPS)
    extent = Span(0.0, 40 / FPS)
    starts = set()
    for seed in range(300):
        start, end = frames_of(
            random_frame_span(extent=extent, clock=clock, num_frames=32, rng=derive_rng(seed)), clock
        )
        assert end - start == 32
        starts.add(start)
    assert starts == set(range(9))


def test_short_record_begins_its_span():
    clock = Source("v", 20, fps=FPS)
    extent = Span(0.0, 20 / FPS)
    assert frames_of(random_frame_span(extent=extent, clock=clock, num_frames=32, rng=derive_rng(0)), clock) == [0, 32]
    options = {"clip_len": 16, "frame_interval": 2, "num_spans": 3}
    spans = [even_frame_span(extent=extent, clock=clock, number=number, **options) for number in range(3)]
    assert [frames_of(span, clock) for span in spans] == [[0, 32]] * 3


def test_segment_keeps_its_fraction():
    """A record from 0.5 to 1.5 s at 25 frames a second has 25 whole intervals, from frame 12.5 on."""
    clock = Source("v", 100, fps=FPS)
    options = {"clip_len": 10, "frame_interval": 2, "num_spans": 2}
    spans = [even_frame_span(extent=Span(0.5, 1.5), clock=clock, number=number, **options) for number in (0, 1)]
    assert [frames_of(span, clock) for span in spans] == [[12.5, 32.5], [18.5, 38.5]]


def test_spans_count_frames_of_varying_rate():
    clock = Source("v", 6, times=(0.0, 0.1, 0.2, 0.6, 0.7, 0.8))
    span = even_frame_span(extent=Span(0.0, 0.9), clock=clock, clip_len=3, frame_interval=1, num_spans=1, number=0)
    assert span == pytest.approx((0.1, 0.7))  # frames 1, 2 and 3; frame 2 stays for four tenths


@pytest.mark.parametrize("num_clips", [1, 2, 3, 10])
@pytest.mark.parametrize(("clip_len", "frame_interval"), [(16, 1), (16, 2), (32, 2), (8, 8)])
@pytest.mark.parametrize("num_frames", [1, 15, 31, 40, 301])
def test_starts_equal_sample_frames(num_frames, clip_len, frame_interval, num_clips):
    pytest.importorskip("mmaction")
    from mmaction.datasets.transforms import SampleFrames

    record = {"total_frames": num_frames, "start_index": 0}
    reference = SampleFrames(clip_len=clip_len, frame_interval=frame_interval, num_clips=num_clips, test_mode=True)
    frames = reference(record)["frame_inds"].reshape(num_clips, clip_len)
    clock = Source("v", num_frames, fps=FPS)
    extent = Span(0.0, num_frames / FPS)
    options = {"clip_len": clip_len, "frame_interval": frame_interval, "num_spans": num_clips}
    spans = [even_frame_span(extent=extent, clock=clock, number=number, **options) for number in range(num_clips)]
    assert [frames_of(span, clock)[0] for span in spans] == frames[:, 0].tolist()
