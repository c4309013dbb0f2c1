import numpy as np
import pytest
from numbered_frames import HEIGHT, WIDTH, numbered_frames

from modalities.video import count_packets, probe, write_video
from modalities.video.probing import fit_clock


def test_probe_and_count_by_hand(tmp_path):
    write_video(tmp_path / "a.mp4", numbered_frames(40), fps=15)
    assert probe(tmp_path / "a.mp4") == (40, 15.0, HEIGHT, WIDTH, None)
    assert count_packets(tmp_path / "a.mp4") == 40


def test_clock_of_a_constant_rate():
    times = list(np.round(np.arange(30) / 29.97, 3) + 1.5)  # Matroska: whole milliseconds; not from 0
    assert fit_clock(times, nominal=29.97, tick=0.001) == (29.97, None)


def test_clock_of_a_coarse_container():
    """J-HMDB: 25 frames per second on a clock of 1/30 s."""
    ticks = [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23]
    assert fit_clock([tick / 30 for tick in ticks], nominal=30.0, tick=1 / 30) == (25.0, None)


def test_clock_of_a_varying_rate():
    fps, times = fit_clock([0.0, 0.1, 0.2, 0.9, 1.0], nominal=10.0, tick=0.001)
    assert fps == pytest.approx(4.0)
    assert times == pytest.approx((0.0, 0.1, 0.2, 0.9, 1.0))


def test_clock_without_times_is_nominal():
    assert fit_clock([None, None, None], nominal=12.0, tick=0.001) == (12.0, None)
    assert fit_clock([0.4], nominal=12.0, tick=0.001) == (12.0, None)
