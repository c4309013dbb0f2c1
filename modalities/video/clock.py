"""Clock of a video: frames per second, or the time of every frame, from the timestamps of the frames that decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from triad.modalities.video.clock_repair import MAX_GAP, Spans, repair_times

DEFAULT_FPS = 25.0
"""Frames per second of a file that does not state them; FFmpeg assumes the same."""
MAX_UNTIMED_FPS = 300.0
"""Frames per second that a container may state although no frame comes later than another; FFmpeg states the clock's
tick (1,000 of Matroska) where such a file names no rate."""
COARSE_TICK = 0.1
"""Frame intervals of a container's tick above which a frame cannot be found by its time, as in AVI."""
MAX_FAULTS = 0.1
"""Share of frames out of order above which presentation timestamps are not those of the frames: of packed B-frames in
AVI (XviD) every third is."""


class Clock(NamedTuple):
    """Clock of a video.

    Attributes:
        fps: frames per second; the average where the rate varies.
        times: seconds of each frame from the first one, where the rate varies; None where it is constant.
        repaired: spans of seconds in which timestamps were wrong or missing.
    """

    fps: float
    times: tuple[float, ...] | None
    repaired: Spans = ()


def fit_clock(
    times: Sequence[float | None],
    *,
    nominal: float,
    tick: float,
    decoding_times: Sequence[float | None] | None = None,
    max_gap: float = MAX_GAP,
) -> Clock:
    """Return the clock of frames, repaired where it is broken.

    The rate is constant if every frame lies within a quarter of a frame interval of its place, or less than one tick of
    the container's clock from it: an AVI of 25 frames per second on a clock of 1/30 s has steps of one and two ticks. A
    repaired clock lists its times, so that no frame is looked for by a timestamp that is not its own.

    Args:
        times: seconds of each frame in the order of display; None where a frame has no time.
        nominal: frames per second that the container states.
        tick: seconds of one step of the container's clock.
        decoding_times: decoding timestamps of the frames, seconds, which count where most of ``times`` are broken.
        max_gap: seconds from one frame to the next that are believed.
    """
    seconds = _choose(_as_array(times), _as_array(decoding_times) if decoding_times is not None else None)
    if nominal > MAX_UNTIMED_FPS and not (np.diff(seconds) > 0).any():
        nominal = DEFAULT_FPS
    if len(seconds) < 2:
        return Clock(nominal, None)
    repaired = repair_times(seconds, interval=1 / nominal, max_gap=max_gap)
    fps = _constant_rate(repaired.seconds, nominal, tick)
    can_seek = bool(np.isfinite(seconds).any()) and tick * nominal <= COARSE_TICK
    if fps is not None and not (repaired.spans and can_seek):
        return Clock(fps, None, repaired.spans)
    measured = (len(seconds) - 1) / float(repaired.seconds[-1])
    return Clock(fps or measured, tuple(repaired.seconds.tolist()), repaired.spans)


def _as_array(times: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if time is None else time for time in times], np.float64)


def _choose(times: np.ndarray, decoding_times: np.ndarray | None) -> np.ndarray:
    """Return those timestamps that are in order; the last frames have no decoding timestamps, and keep the others."""
    num_faults = _count_faults(times)
    if decoding_times is None or num_faults <= MAX_FAULTS * len(times) or _count_faults(decoding_times) >= num_faults:
        return times
    timed = np.flatnonzero(np.isfinite(decoding_times))
    if not len(timed):
        return times
    last = timed[-1]
    is_later = times[last + 1 :] > decoding_times[last]
    tail = np.where(is_later, times[last + 1 :], np.nan)
    return np.concatenate([decoding_times[: last + 1], tail])


def _count_faults(times: np.ndarray) -> int:
    timed = times[np.isfinite(times)]
    return len(times) - len(timed) + int((np.diff(timed) <= 0).sum())


def _constant_rate(seconds: np.ndarray, nominal: float, tick: float) -> float | None:
    """Return the rate that all times keep to; None where there is none."""
    measured = (len(seconds) - 1) / float(seconds[-1])
    numbers = np.arange(len(seconds))
    steps = np.diff(seconds)
    num_long = int((steps > steps.min() + 0.5 * tick).sum())
    rates = [nominal]
    if tick * nominal <= COARSE_TICK:
        rates += [float(round(measured)) or nominal, measured]
    elif num_long != 1:  # a single long step is a lost frame, which would pass for a lower rate
        rates.append(float(round(measured)) or nominal)
    for fps in rates:
        if np.abs(seconds - numbers / fps).max() <= max(0.25 / fps, tick - 1e-6):
            return float(fps)
    return None
