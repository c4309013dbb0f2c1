"""Live video: a file played in real time, and the clock of a video without an end."""

import time
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.inference.live_video import LiveClock, LiveVideo
from triad.modalities.checks import InputError
from triad.modalities.video import write_video


def test_live_clock_has_no_end():
    clock = LiveClock(Path("camera"), 2**53, fps=10.0)
    assert clock.end == float("inf")
    assert clock.locate(np.array([-1.0, 0.0, 0.1, 0.25, 1e6])).tolist() == [0, 0, 1, 2, 10_000_000]


def test_file_plays_in_real_time(tmp_path):
    write_video(tmp_path / "v.mp4", [np.full((32, 48, 3), 20 * number, np.uint8) for number in range(6)], fps=20)
    video = LiveVideo(str(tmp_path / "v.mp4"))
    assert (video.fps, video.size_hw) == (20.0, (32, 48))
    start = time.perf_counter()
    assert [frame.number for frame in video.frames()] == list(range(6))
    assert time.perf_counter() - start >= 5 / 20


def test_missing_video_is_refused():
    with pytest.raises(InputError, match="live video must be readable, got 'nowhere'"):
        LiveVideo("nowhere")
