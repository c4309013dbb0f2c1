from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from object_files import write_object_file

from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.live import ExternalInputs, StreamSampling
from triad.modalities.objects import ObjectReader
from triad.modalities.objects.live import open_objects
from triad.modalities.objects.object_file import MAX_OBJECTS
from triad.modalities.stopwatch import Stopwatch

CLOCK = Source("v.mp4", 6, fps=10.0, size_hw=(50, 100))
READER = ObjectReader(vocabulary="coco80", frame_size=(50, 100), max_objects=2)


class ArrayFrame(NamedTuple):
    """Frame that is decoded already."""

    number: int
    rgb: np.ndarray


class BrightObject:
    """Finds a cup as wide as the frame is bright."""

    classes = ("person", "cup")

    def __call__(self, frames):
        return [
            (np.array([[0, 0, frame[0, 0, 0], 9]], np.float32), np.array([1]), np.array([0.5], np.float32))
            for frame in frames
        ]


def make_frame(number: int) -> ArrayFrame:
    return ArrayFrame(number, np.full((50, 100, 3), 10 * number, np.uint8))


def window_of(live, times):
    times = np.array(times)
    return StreamSampling(times, np.ones(len(times), bool), live.clock, live.clock.locate(times)), Span(0.0, 0.6)


def test_objects_of_frames_on_display():
    live = open_objects(READER, "objects", CLOCK, ExternalInputs(objects=BrightObject()), Stopwatch())
    previous = None
    for number in (0, 1, 3):  # frame 2 is missing
        frame = make_frame(number)
        live.entries.add(previous, frame)
        previous = frame
    sampling, span = window_of(live, [0.05, 0.15, 0.25, 0.35, 0.55])
    assert live.entries.frame_range(sampling, span) == (0, 5)
    clip = live.entries.clip(READER, sampling, span)
    assert clip.boxes[:, 0, 2].tolist() == [0, 10, 10, 30, 30]  # the newest one stays
    assert clip.labels[:, 0].tolist() == [41] * 5
    live.entries.discard_before(4)
    assert live.entries.clip(READER, *window_of(live, [0.35])).boxes[0, 0, 2] == 30


def test_as_many_objects_as_stored_streams():
    class Crowd(BrightObject):
        def __call__(self, frames):
            count = MAX_OBJECTS + 4
            return [(np.ones((count, 4), np.float32), np.ones(count, int), np.full(count, 0.5, np.float32))]

    live = open_objects(READER, "objects", CLOCK, ExternalInputs(objects=Crowd()), Stopwatch())
    live.entries.add(None, make_frame(0))
    reader = ObjectReader(vocabulary="coco80", frame_size=(50, 100), max_objects=MAX_OBJECTS + 4)
    assert (live.entries.clip(reader, *window_of(live, [0.05])).scores > 0).sum() == MAX_OBJECTS


def test_file_has_the_clock_of_frames(tmp_path):
    path = write_object_file(tmp_path / "o.npz", times=6)
    live = open_objects(READER, "objects", CLOCK, ExternalInputs(files={"objects": path}), Stopwatch())
    assert live.entries.clip(READER, *window_of(live, [0.25])).boxes[0, 0].tolist() == [30, 10, 40, 30]
    short = write_object_file(tmp_path / "short.npz", times=4)
    with pytest.raises(InputError, match=r"must hold 6 entries as the video has frames, got 4"):
        open_objects(READER, "objects", CLOCK, ExternalInputs(files={"objects": short}), Stopwatch())


def test_absent_objects_name_the_options():
    live = open_objects(READER, "objects", CLOCK, ExternalInputs(), Stopwatch())
    assert live.entries is None
    assert live.reason == (
        "no detector of objects; give --object-detector FILE.onnx to detect them, or --file objects=FILE.npz"
    )
