"""Frames as they come: those that a window shows are kept, and a missing one shows the frame before it."""

from typing import NamedTuple

import numpy as np

from triad.modalities.clips import Source, Span
from triad.modalities.live import StreamSampling
from triad.modalities.rgb.live import RgbSource
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.stopwatch import Stopwatch

READER = RgbReader(frame_size=(2, 2))


class NumberedFrame(NamedTuple):
    number: int

    @property
    def rgb(self):
        return np.full((2, 2, 3), self.number, np.uint8)


def run(numbers, indices, num=6):
    """The frames that a window shows, of a video of which some frames come."""
    times = np.asarray(indices) / 10
    sampling = StreamSampling(times, np.ones(len(times), bool), Source("v", num, fps=10.0), np.asarray(indices))
    source = RgbSource(Stopwatch())
    source.request(READER, sampling)
    previous = None
    for number in numbers:
        source.add(previous, previous := NumberedFrame(number))
    assert source.frame_range(sampling, Span(0, num / 10)) == (min(indices), max(indices))
    return source.clip(READER, sampling, Span(0, num / 10))


def test_window_shows_requested_frames():
    clip = run(range(6), [1, 4])
    assert clip.data[:, 0, 0, 0].tolist() == [1, 4]
    assert clip.valid.tolist() == [True, True]


def test_missing_frame_shows_the_one_before():
    assert run([0, 1, 4, 5], [1, 2, 3, 4]).data[:, 0, 0, 0].tolist() == [1, 1, 1, 4]


def test_missing_start_shows_first_frame():
    assert run([2, 3], [0, 3]).data[:, 0, 0, 0].tolist() == [2, 3]


def test_video_without_frames_is_blank():
    clip = run([], [0, 1])
    assert not clip.data.any()
    assert not clip.valid.any()
