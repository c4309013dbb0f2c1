"""Windows in turn decode each frame once."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.inference.feature_extraction import sequential_frames
from triad.fusion.inference.feature_extraction.sequential_frames import SequentialFramesReader
from triad.modalities.checks import InputError
from triad.modalities.clips import Source
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.video import iter_frames, write_video

PLAIN = RgbReader(frame_size=(16, 16))


@pytest.fixture
def source(tmp_path):
    write_video(tmp_path / "v.mp4", [np.full((16, 16, 3), 8 * number, np.uint8) for number in range(30)], fps=10)
    return Source(tmp_path / "v.mp4", 30, fps=10.0)


def test_windows_equal_those_read_alone(source):
    reader = SequentialFramesReader(PLAIN)
    for start in (0.0, 0.5, 1.0, 2.0):
        times = start + np.array([0.0, 0.45, 0.9])
        reader.begin(source.path, int(10 * start))
        clip = reader.read(source, times, np.ones(3, bool))
        np.testing.assert_array_equal(clip.data, PLAIN.read(source, times, np.ones(3, bool)).data)


def test_frames_are_decoded_once(source, monkeypatch):
    decoded = []

    def counted(path):
        for frame in iter_frames(path):
            decoded.append(path)
            yield frame

    monkeypatch.setattr(sequential_frames, "iter_frames", counted)
    reader = SequentialFramesReader(PLAIN)
    for first in range(0, 20, 5):
        reader.begin(source.path, first)
        reader.read(source, np.array([first, first + 9]) / 10, np.ones(2, bool))
        assert len(reader._frames) <= 10
    assert len(decoded) == 25


def test_frames_between_windows_are_dropped(source):
    reader = SequentialFramesReader(PLAIN)
    for first in (0, 10, 20):
        reader.begin(source.path, first)
        reader.read(source, np.array([first, first + 1]) / 10, np.ones(2, bool))
        assert sorted(reader._frames) == [first, first + 1]


def test_video_shorter_than_index_is_refused(source):
    reader = SequentialFramesReader(PLAIN)
    reader.begin(source.path, 0)
    long = Source(source.path, 90, fps=10.0)
    with pytest.raises(InputError, match=r"must be below 30, got 60; the file is shorter than its index"):
        reader.read(long, np.array([6.0]), np.ones(1, bool))
