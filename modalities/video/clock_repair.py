"""Repair of a clock whose times step back, double, jump or lack: only the frames concerned get other times.

Frames come in the order of display. Their times are cut into runs that increase without a jump. The chain of runs that
follow one another in time and have most frames is believed. Other runs are fitted between their neighbours or, where
they do not fit (recordings that were joined, a clock that was set anew), continue the run before them, and all that
follows is moved back. Frames out of order, doubled and missing times are interpolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

MAX_GAP = 3600.0
"""Seconds for which one frame may be on display; a longer jump is an error of the clock."""
MAX_STREAM_GAP = 10.0
"""The same for transport and program streams, whose clock may be set anew anywhere; FFmpeg accepts as much."""
MAX_REORDERED = 8
"""Frames at the end of a run that may be out of order; a codec reorders no more than 16, half of them too early."""
JUMP_INTERVALS = 10
"""Frame intervals of a gap at which a run ends; at least a second."""
MIN_ROOM = 0.5
"""Share of the seconds that frames need which must be free for them to be fitted in."""
MAX_RUNS = 20_000
"""Number of runs above which times are noise."""

Spans = tuple[tuple[float, float], ...]
"""Start and end of each, seconds."""


class RepairedTimes(NamedTuple):
    """Times of frames after repair.

    Attributes:
        seconds: time of each frame from the first one, increasing, ``[N]``.
        spans: spans of this clock that were repaired; empty where nothing was wrong.
    """

    seconds: np.ndarray
    spans: Spans


class _Run(NamedTuple):
    """Frames whose times increase without a jump: their indices and seconds, ``[n]`` each."""

    indices: np.ndarray
    seconds: np.ndarray

    @property
    def length(self) -> float:
        return float(self.seconds[-1] - self.seconds[0])


def repair_times(times: np.ndarray, *, interval: float, max_gap: float = MAX_GAP) -> RepairedTimes:
    """Return increasing times of frames, those given where they are sound.

    Args:
        times: seconds of each frame in the order of display, NaN where a frame has none, ``[N]``.
        interval: seconds from one frame to the next, where the times do not tell.
        max_gap: seconds from one frame to the next that are believed.
    """
    timed = np.flatnonzero(np.isfinite(times))
    steps = np.diff(times[timed])
    if len(timed) == len(times) and np.all((steps > 0) & (steps <= max_gap)):
        return RepairedTimes(times - times[0], ())
    sound_steps = steps[(steps > 0) & (steps <= max_gap)]
    if len(sound_steps):
        interval = float(np.median(sound_steps))
    runs = _trim_overlaps(_split_runs(times, timed, interval)) if len(timed) > 1 else []
    if not 0 < len(runs) <= MAX_RUNS:
        return _evenly_spaced(len(times), interval)
    layout = _Layout(len(times), interval)
    layout.add_all(runs, _heaviest_chain(runs, max_gap))
    seconds = _interpolate(layout.seconds, interval)
    if not np.all(np.diff(seconds) > 0):  # no number lies between two neighbours
        return _evenly_spaced(len(times), interval)
    layout.is_repaired[layout.joints] = True
    return RepairedTimes(seconds - seconds[0], _spans(seconds - seconds[0], layout.is_repaired, interval))


def _evenly_spaced(num: int, interval: float) -> RepairedTimes:
    return RepairedTimes(np.arange(num) * interval, ((0.0, (num - 1) * interval),) if num > 1 else ())


def _jump(interval: float) -> float:
    return max(JUMP_INTERVALS * interval, 1.0)


def _split_runs(times: np.ndarray, timed: np.ndarray, interval: float) -> list[_Run]:
    """Return the runs, of frames of one time only the first."""
    timed = timed[np.diff(times[timed], prepend=np.nan) != 0]
    steps = np.diff(times[timed])
    ends = np.flatnonzero((steps < 0) | (steps > _jump(interval) * np.diff(timed))) + 1
    return [_Run(indices, times[indices]) for indices in np.split(timed, ends)]


def _trim_overlaps(runs: list[_Run]) -> list[_Run]:
    """Return the runs without the few frames at their ends whose times are those of the neighbour."""
    trimmed = [runs[0]]
    for run in runs[1:]:
        previous = trimmed[-1]
        late = int((previous.seconds >= run.seconds[0]).sum())
        early = int((run.seconds <= previous.seconds[-1]).sum())
        limit = min(MAX_REORDERED, len(previous.indices) // 2, len(run.indices) // 2)
        if 0 < late <= min(early, limit):
            trimmed[-1] = _Run(previous.indices[:-late], previous.seconds[:-late])
        elif 0 < early <= limit:
            run = _Run(run.indices[early:], run.seconds[early:])
        trimmed.append(run)
    return trimmed


def _heaviest_chain(runs: Sequence[_Run], max_gap: float) -> set[int]:
    """Return the numbers of the runs that follow one another in time and together have most frames."""
    starts = np.array([run.seconds[0] for run in runs])
    ends = np.array([run.seconds[-1] for run in runs])
    weights = np.array([len(run.indices) for run in runs])
    parents = np.full(len(runs), -1)
    for number in range(1, len(runs)):
        gaps = starts[number] - ends[:number]
        before = np.where((gaps > 0) & (gaps <= max_gap), weights[:number], 0)
        best = int(before.argmax())
        if before[best] > 0:
            parents[number] = best
            weights[number] += before[best]
    chain = set()
    number = int(np.lexsort((ends, -weights))[0])  # of equal chains the one that ends first
    while number >= 0:
        chain.add(number)
        number = int(parents[number])
    return chain


class _Layout:
    """Times of frames as runs are placed one after another.

    Args:
        num: number of frames.
        interval: seconds from one run to the next where nothing else is known.

    Attributes:
        seconds: time of each frame, NaN where it is to be interpolated, ``[num]``.
        is_repaired: whether the time of a frame was changed by itself, ``[num]``.
        joints: first frames of runs that continue the run before, as where recordings were joined.
    """

    def __init__(self, num: int, interval: float) -> None:
        self.seconds = np.full(num, np.nan)
        self.is_repaired = np.ones(num, bool)
        self.joints: list[int] = []
        self.interval = interval
        self._offset = 0.0
        self._last: int | None = None  # frame that was placed last

    def add_all(self, runs: Sequence[_Run], chain: set[int]) -> None:
        """Place all runs: those of the chain at their times, the others around them."""
        waiting: list[_Run] = []
        for number, run in enumerate(runs):
            if number not in chain:
                waiting.append(run)
                continue
            self._add_waiting(waiting, run)
            self._put(run, float(run.seconds[0]) + self._offset)
            waiting = []
        self._add_waiting(waiting, None)

    def _add_waiting(self, waiting: list[_Run], following: _Run | None) -> None:
        """Place runs before one of the chain: fitted in where there is room, else in front of it."""
        if not waiting:
            return
        ends = [*waiting, following] if following is not None else waiting
        needed = sum(run.length for run in waiting)
        needed += sum(self._step(first, second) for first, second in pairwise(ends))
        needed += self._step(None, waiting[0])
        scale = 1.0
        is_fitted = False
        if following is not None:
            begin = float(self.seconds[self._last]) if self._last is not None else None
            room = float(following.seconds[0]) + self._offset - begin if begin is not None else 0.0
            is_fitted = room >= MIN_ROOM * needed
            if is_fitted:
                scale = min(1.0, room / needed)
            elif begin is None:  # nothing is placed yet: the first run begins the clock
                self._offset = needed - float(following.seconds[0])
            else:
                self._offset += needed - room
        for run in waiting:
            start = (float(self.seconds[self._last]) if self._last is not None else 0.0) + scale * self._step(None, run)
            if self._last is not None and not is_fitted:
                self.joints.append(int(run.indices[0]))
            self._put(run, start, scale, is_fitted=is_fitted)
        if following is not None and not is_fitted:
            self.joints.append(int(following.indices[0]))

    def _step(self, first: _Run | None, second: _Run) -> float:
        """Return the seconds from the end of a run, by default the one placed last, to the start of another."""
        last = self._last if first is None else int(first.indices[-1])
        return 0.0 if last is None else self.interval * (int(second.indices[0]) - last)

    def _put(self, run: _Run, start: float, scale: float = 1.0, *, is_fitted: bool = False) -> None:
        self.seconds[run.indices] = start + (run.seconds - run.seconds[0]) * scale
        self.is_repaired[run.indices] = is_fitted
        self._last = int(run.indices[-1])


def _interpolate(seconds: np.ndarray, interval: float) -> np.ndarray:
    """Return times in which those that are NaN lie evenly between their neighbours."""
    placed = np.flatnonzero(np.isfinite(seconds))
    first, last = placed[0], placed[-1]
    indices = np.arange(len(seconds))
    result = np.interp(indices, placed, seconds[placed])
    result[:first] -= (first - indices[:first]) * interval
    result[last + 1 :] += (indices[last + 1 :] - last) * interval
    return result


def _spans(seconds: np.ndarray, is_repaired: np.ndarray, interval: float) -> Spans:
    """Return the spans around repaired frames, to the sound frames beside them and over gaps beside those."""
    spans: list[tuple[float, float]] = []
    edges = np.flatnonzero(np.diff(is_repaired, prepend=False, append=False))
    for begin, end in edges.reshape(-1, 2):
        first, last = max(begin - 1, 0), min(end, len(seconds) - 1)
        for index in (first, first - 1):
            if index > 0 and seconds[index] - seconds[index - 1] > _jump(interval):
                first = index - 1
        for index in (last, last + 1):
            if index < len(seconds) - 1 and seconds[index + 1] - seconds[index] > _jump(interval):
                last = index + 1
        span = (float(seconds[first]), float(seconds[last]))
        while spans and span[0] <= spans[-1][1]:
            before = spans.pop()
            span = (min(before[0], span[0]), max(before[1], span[1]))
        spans.append(span)
    return tuple(spans)
