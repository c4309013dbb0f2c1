from __future__ import annotations

import numpy as np
import pytest
from depth_files import write_depth_folder, write_depth_video

from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.depth import DepthReader
from triad.modalities.depth.live import open_depth
from triad.modalities.live import ExternalInputs, StreamSampling
from triad.modalities.stopwatch import Stopwatch

CLOCK = Source("v.mp4", 6, fps=10.0, size_hw=(4, 8))
PICTURES = np.arange(6, dtype=np.uint16)[:, None, None].repeat(4, 1).repeat(8, 2) * 100 + 1000
READER = DepthReader(frame_size=(4, 8))


def test_window_shows_depth_at_its_times(tmp_path):
    path = write_depth_video(tmp_path / "d.mkv", PICTURES, fps=5)
    live = open_depth(READER, "depth", CLOCK, ExternalInputs(files={"depth": path}), Stopwatch())
    assert (live.clock.num, live.clock.fps) == (6, 5.0)
    times, span = np.array([0.1, 0.5]), Span(0.0, 0.6)
    sampling = StreamSampling(times, np.ones(2, bool), live.clock, live.clock.locate(times))
    assert live.entries.frame_range(sampling, span) is None
    np.testing.assert_allclose(live.entries.clip(READER, sampling, span).data[:, 0, 0, 0], [1.0, 1.2])


def test_folder_has_clock_of_frames(tmp_path):
    path = write_depth_folder(tmp_path / "d", PICTURES)
    live = open_depth(READER, "depth", CLOCK, ExternalInputs(files={"depth": path}), Stopwatch())
    assert (live.clock.path, live.clock.num, live.clock.fps) == (path, 6, 10.0)
    short = write_depth_folder(tmp_path / "short", PICTURES[:4])
    with pytest.raises(InputError, match=r"must hold 6 pictures as the video has frames, got 4"):
        open_depth(READER, "depth", CLOCK, ExternalInputs(files={"depth": short}), Stopwatch())


def test_absent_depth_names_the_option():
    live = open_depth(READER, "depth", CLOCK, ExternalInputs(), Stopwatch())
    assert live.entries is None
    assert live.reason == "depth is not in the frames; give --file depth=FILE"
