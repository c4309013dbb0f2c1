"""Frames in, batches of windows out: the right entries, and nothing kept that no window needs."""

from typing import NamedTuple

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler, collate
from triad.fusion.inference import window_assembler
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.opened_streams import OpenedStreams
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.window_assembler import WindowAssembler
from triad.modalities.clips import Source, Span
from triad.modalities.flow import FlowReader
from triad.modalities.flow.live import FlowSource
from triad.modalities.live.frame_buffer import FrameBuffer
from triad.modalities.rgb.live import RgbSource
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.stopwatch import Stopwatch

FPS, SIDE = 10.0, 4


class GreyFrame(NamedTuple):
    """A frame of one brightness: its number."""

    number: int

    @property
    def rgb(self):
        return np.full((SIDE, SIDE, 3), self.number % 256, np.uint8)


class BrightnessFlow:
    """Estimator whose flow to the right is the change of brightness."""

    name = "brightness"
    provenance = None
    calls = 0

    def __call__(self, frames):
        self.calls += 1
        flow = np.zeros((len(frames) - 1, SIDE, SIDE, 2), np.float32)
        flow[..., 0] = np.diff(frames[..., 0].astype(np.float32), axis=0)
        return flow


class AssembledWindows:
    """Batches of all windows of a video of ``num`` frames, of which only ``numbers`` decode."""

    def __init__(self, num, numbers, *, window, stride, num_frames=2, stack=None, sampler=None):
        frame_size = (SIDE, SIDE)
        inputs = {
            "rgb": StreamInput(RgbReader(frame_size=frame_size), num_frames, "rgb"),
            "flow_b": StreamInput(FlowReader(frame_size=frame_size, stack=stack), num_frames, "flow_b"),
        }
        model = Model("m", lambda batch: {}, ("a",), inputs, sampler or TemporalSampler())
        clock = Source("v", num, fps=FPS)
        clocks = {"rgb": clock, "flow_b": Source("v", num - 1, fps=FPS)}
        self.sources = {"rgb": RgbSource(Stopwatch()), "flow_b": FlowSource(BrightnessFlow(), Stopwatch())}
        spans = SlidingWindow(window, stride, window).spans(Span(0, num / FPS))
        self.assembler = assembler = WindowAssembler(OpenedStreams([model], clocks, self.sources), clock, spans)
        self.batches = []
        self.max_buffered = 0
        for number in numbers:
            self.batches += [batch for _, (batch,) in assembler.add(GreyFrame(number))]
            self.max_buffered = max(self.max_buffered, self.num_buffered())
        self.batches += [batch for _, (batch,) in assembler.finish()]

    def num_buffered(self):
        return sum(len(buffer) for source in self.sources.values() for buffer in source.buffers.values())

    def values(self, stream):
        return [batch[stream]["data"][0, :, 0, 0, 0].tolist() for batch in self.batches]


def test_windows_hold_entries_on_display():
    assembled = AssembledWindows(10, range(10), window=0.4, stride=0.4)
    assert assembled.values("rgb") == [[1, 3], [5, 7], [7, 9]]  # the last window ends with the video
    assert assembled.values("flow_b") == [[1, 1], [1, 1], [1, 1]]
    assert [batch["id"] for batch in assembled.batches] == [["0"], ["1"], ["2"]]
    assert assembled.batches[2]["flow_b"]["valid"].tolist() == [[True, False]]  # nine fields: none begins at 0.9 s


def test_flow_is_estimated_only_where_needed():
    assembled = AssembledWindows(100, range(100), window=10.0, stride=5.0)
    assert assembled.sources["flow_b"].estimator.calls == 2


def test_only_fields_of_stacks_are_estimated():
    assembled = AssembledWindows(100, range(100), window=10.0, stride=5.0, stack=3)
    assert assembled.sources["flow_b"].estimator.calls == 2 * 3
    assert assembled.batches[0]["flow_b"]["data"].shape == (1, 2, 3, SIDE, SIDE, 2)


def test_last_stack_waits_for_no_frame():
    assembled = AssembledWindows(10, range(10), window=0.4, stride=0.4, stack=5)
    assert [batch["flow_b"]["data"].shape[:3] for batch in assembled.batches] == [(1, 2, 5)] * 3
    assert all((batch["flow_b"]["data"][..., 0] == 1).all() for batch in assembled.batches)


def test_dense_clips_count_frames_of_video():
    sampler = TemporalSampler(policy="dense", clip_len=3, frame_interval=2)
    assembled = AssembledWindows(16, range(16), window=0.8, stride=0.8, num_frames=3, stack=2, sampler=sampler)
    assert assembled.values("rgb") == [[1, 3, 5], [9, 11, 13]]  # (8 - 5) // 2 frames from the start of each window
    assert assembled.sources["flow_b"].estimator.calls == 2 * 6


def test_looped_window_shows_its_own_frames():
    sampler = TemporalSampler(policy="dense", clip_len=4, interval=0.2, out_of_bound_opt="loop")
    assembled = AssembledWindows(12, range(12), window=0.6, stride=0.6, num_frames=4, sampler=sampler)
    assert assembled.values("rgb") == [[0, 2, 4, 0], [6, 8, 10, 6]]


def test_missing_frame_repeats_the_previous():
    assembled = AssembledWindows(8, [0, 1, 2, 6, 7], window=0.8, stride=0.4, num_frames=8)
    assert assembled.values("rgb") == [[0, 1, 2, 2, 2, 2, 6, 7]]
    assert assembled.values("flow_b") == [[1, 1, 1, 1, 1, 1, 1, 1]]  # a change of 4 over 4 intervals


def test_early_end_repeats_last_frame():
    assembled = AssembledWindows(20, range(7), window=0.4, stride=0.4)
    assert assembled.values("rgb") == [[1, 3], [5, 5]]  # no window begins after the end


def test_only_newest_window_after_a_gap(monkeypatch):
    """A live video goes on while nobody reads: of what a gap completes, one window is made, and nothing is kept."""
    num_batches = []
    num_kept = []
    push = FrameBuffer.push
    monkeypatch.setattr(FrameBuffer, "push", lambda self, *entry: num_kept.append(push(self, *entry) or len(self)))
    monkeypatch.setattr(window_assembler, "collate", lambda samples: num_batches.append(1) or collate(samples))
    live = AssembledWindows(1000, (), window=0.4, stride=0.2)
    for number in range(6):
        live.assembler.add_live(GreyFrame(number))
    assert len(num_batches) == 1
    (window, (batch,)), num_passed = live.assembler.add_live(GreyFrame(900))
    assert (window.number, num_passed, len(num_batches)) == (448, 447, 2)  # the last frame of window n is 2 n + 4
    assert batch["rgb"]["data"][0, :, 0, 0, 0].tolist() == [5, 5]  # a missing frame repeats the one before it
    assert live.num_buffered() <= 4
    assert max(num_kept) <= 8


@pytest.mark.parametrize("num", [60, 600])
def test_memory_is_independent_of_length(num):
    assembled = AssembledWindows(num, range(num), window=1.0, stride=0.5, num_frames=4)
    assert len(assembled.batches) == num / FPS / 0.5 - 1
    assert assembled.max_buffered <= 2 * 2 * 4  # two windows at once, two streams, four entries
