"""Frames in, batches of windows out: the right entries, nothing kept that no window waits for."""

from typing import NamedTuple

import numpy as np
import pytest

from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.interfaces import Model, StreamInput
from fusion.inference.sliding_window import SlidingWindow, plan_window
from fusion.inference.stream_sources import FlowSource, RgbSource
from fusion.inference.window_assembler import WindowAssembler
from modalities.extraction.stopwatch import Stopwatch
from modalities.flow import FlowReader
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span
from modalities.source import Source

FPS, SIDE = 10.0, 4


class Shown(NamedTuple):
    """A frame of one brightness, its number."""

    number: int

    @property
    def rgb(self):
        return np.full((SIDE, SIDE, 3), self.number % 256, np.uint8)


class Brightness:
    """Flow that is the change of brightness, to the right."""

    name = "brightness"
    provenance = None
    calls = 0

    def __call__(self, frames):
        self.calls += 1
        flow = np.zeros((len(frames) - 1, SIDE, SIDE, 2), np.float32)
        flow[..., 0] = np.diff(frames[..., 0].astype(np.float32), axis=0)
        return flow


class Gathered:
    """All windows of a video of ``num`` frames, of which only ``numbers`` decode."""

    def __init__(self, num, numbers, *, window, stride, count=2):
        frame_size = (SIDE, SIDE)
        readings = {
            "rgb": StreamInput(RgbReader(frame_size=frame_size), count, "rgb"),
            "flow_b": StreamInput(FlowReader(frame_size=frame_size), count, "flow_b"),
        }
        model = Model("m", lambda batch: {}, ("a",), readings, TemporalSampler())
        clock = Source("v", num, fps=FPS)
        sources = {"rgb": clock, "flow_b": Source("v", num - 1, fps=FPS)}
        self.parts = {"rgb": RgbSource(Stopwatch()), "flow_b": FlowSource(Brightness(), Stopwatch())}
        spans = SlidingWindow(window, stride, window).over(Span(0, num / FPS))
        windows = (plan_window(number, span, [model], sources) for number, span in enumerate(spans))
        gatherer = WindowAssembler([model], self.parts, clock, windows)
        self.batches, self.most = [], 0
        for number in numbers:
            self.batches += [batch for _, (batch,) in gatherer.add(Shown(number))]
            self.most = max(self.most, sum(len(feed) for part in self.parts.values() for feed in part.feeds.values()))
        self.batches += [batch for _, (batch,) in gatherer.finish()]

    def shown(self, stream):
        return [batch[stream]["data"][0, :, 0, 0, 0].tolist() for batch in self.batches]


def test_every_window_shows_what_was_on_display():
    gathered = Gathered(10, range(10), window=0.4, stride=0.4)
    assert gathered.shown("rgb") == [[1, 3], [5, 7], [7, 9]]  # the last window ends with the video
    assert gathered.shown("flow_b") == [[1, 1], [1, 1], [1, 1]]
    assert [batch["id"] for batch in gathered.batches] == [["0"], ["1"], ["2"]]
    assert gathered.batches[2]["flow_b"]["valid"].tolist() == [[True, False]]  # nine fields: none begins at 0.9 s


def test_flow_is_estimated_where_a_window_looks():
    assert Gathered(100, range(100), window=10.0, stride=5.0).parts["flow_b"].estimator.calls == 2


def test_a_missing_frame_shows_the_one_before_and_flow_is_shared_out():
    gathered = Gathered(8, [0, 1, 2, 6, 7], window=0.8, stride=0.4, count=8)
    assert gathered.shown("rgb") == [[0, 1, 2, 2, 2, 2, 6, 7]]
    assert gathered.shown("flow_b") == [[1, 1, 1, 1, 1, 1, 1, 1]]


def test_a_video_that_breaks_off():
    """Windows that had begun show the last frame on; what lies after it is not made up."""
    gathered = Gathered(20, range(7), window=0.4, stride=0.4)
    assert gathered.shown("rgb") == [[1, 3], [5, 5]]


@pytest.mark.parametrize("num", [60, 600])
def test_memory_does_not_grow_with_the_video(num):
    gathered = Gathered(num, range(num), window=1.0, stride=0.5, count=4)
    assert len(gathered.batches) == num / FPS / 0.5 - 1
    assert gathered.most <= 2 * 2 * 4  # two windows at once, two streams, four entries
