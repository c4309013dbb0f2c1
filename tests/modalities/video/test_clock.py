import numpy as np
import pytest

from triad.modalities.video.clock import Clock, fit_clock


def test_clock_of_a_constant_rate():
    times = list(np.round(np.arange(30) / 29.97, 3) + 1.5)  # Matroska: whole milliseconds; not from 0
    assert fit_clock(times, nominal=29.97, tick=0.001) == Clock(29.97, None)


def test_clock_of_a_coarse_container():
    """J-HMDB: 25 frames per second on a clock of 1/30 s."""
    ticks = [0, 1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 22, 23]
    assert fit_clock([tick / 30 for tick in ticks], nominal=30.0, tick=1 / 30) == Clock(25.0, None)


def test_lost_frame_on_a_coarse_clock():
    """One tick a frame: the frames after it keep their times."""
    ticks = [*range(12), *range(13, 30)]
    fps, times, repaired = fit_clock([tick / 20 for tick in ticks], nominal=20.0, tick=1 / 20)
    assert times == pytest.approx([tick / 20 for tick in ticks])
    assert (fps, repaired) == (pytest.approx(28 / 29 * 20), ())


def test_clock_of_a_varying_rate():
    fps, times, _ = fit_clock([0.0, 0.1, 0.2, 0.9, 1.0], nominal=10.0, tick=0.001)
    assert fps == pytest.approx(4.0)
    assert times == pytest.approx((0.0, 0.1, 0.2, 0.9, 1.0))


def test_clock_without_times_is_nominal():
    assert fit_clock([None, None, None], nominal=12.0, tick=0.001) == Clock(12.0, None, ((0.0, pytest.approx(2 / 12)),))
    assert fit_clock([0.4], nominal=12.0, tick=0.001) == Clock(12.0, None)


def test_untimed_frames_have_no_tick_for_rate():
    """Matroska states its clock's 1,000 a second; a rate that a camera may have is believed."""
    assert fit_clock([0.0] * 5, nominal=1000.0, tick=0.001).fps == 25.0
    assert fit_clock([None, 0.4], nominal=750.0, tick=1 / 12800).fps == 25.0
    assert fit_clock([0.0] * 5, nominal=240.0, tick=0.001).fps == pytest.approx(240.0)
    assert fit_clock([number / 500 for number in range(5)], nominal=500.0, tick=1 / 500).fps == 500.0


def test_repaired_clock_lists_its_times():
    """A frame must not be looked for by a timestamp that is not its own."""
    clock = fit_clock([0.0, 0.1, 0.1, 0.3, 0.4], nominal=10.0, tick=0.001)
    assert clock == Clock(10.0, pytest.approx((0.0, 0.1, 0.2, 0.3, 0.4)), (pytest.approx((0.1, 0.3)),))


def test_packed_frames_take_decoding_times():
    """Of packed B-frames every third has another's presentation time, and the last has no decoding time."""
    presentation = [3, 4, 6, 5, 7, 9, 8, 10, 11]
    decoding = [3, 4, 5, 6, 7, 8, 9, 10, None]
    seconds = [None if tick is None else tick / 30 for tick in decoding]
    clock = fit_clock([tick / 30 for tick in presentation], nominal=30.0, tick=1 / 30, decoding_times=seconds)
    assert clock == Clock(30.0, None)


def test_single_step_back_keeps_presentation_times():
    times = [number / 10 for number in range(20)]
    times[7] = 0.2
    clock = fit_clock(times, nominal=10.0, tick=0.001, decoding_times=[number / 10 + 5 for number in range(20)])
    assert clock.repaired == (pytest.approx((0.6, 0.8)),)
