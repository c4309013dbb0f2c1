"""Source of one stream of a record: its file and the time of each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.clips.sampling import entries_at


@dataclass(frozen=True)
class Source:
    """File of a stream and its clock: a constant rate, or the time of every entry.

    Args:
        path: absolute path of the file.
        num: number of entries (frames, flow fields, poses).
        fps: entries per second; exactly one of ``fps`` and ``times`` is given.
        times: time of each entry, seconds, increasing, ``[num]``.
        offset: seconds that are added to the file's times to get the record's.
        size_hw: height and width of the frames that pixel joints refer to, where the file does not hold them.
        clip: number of the clip in a file that holds several.

    Raises:
        InputError: If the clock is missing or does not fit ``num``, or the size is not positive.
    """

    path: Path
    num: int
    fps: float | None = None
    times: tuple[float, ...] | None = None
    offset: float = 0.0
    size_hw: tuple[int, int] | None = None
    clip: int | None = None

    def __post_init__(self) -> None:
        if (self.fps is None) == (self.times is None):
            fail(f"source '{self.path}'", "have either fps or times", "both or none")
        if self.num < 1:
            fail(f"source '{self.path}'", "have at least one entry", self.num)
        if self.fps is not None and not self.fps > 0:
            fail(f"fps of source '{self.path}'", "be positive", self.fps)
        if self.times is not None and (len(self.times) != self.num or np.any(np.diff(self.times) <= 0)):
            fail(
                f"times of source '{self.path}'",
                f"be {self.num} increasing seconds",
                f"{len(self.times)} of them",
            )
        if self.size_hw is not None and not (len(self.size_hw) == 2 and min(self.size_hw) > 0):
            fail(f"size of source '{self.path}'", "be [height, width] in pixels", list(self.size_hw))

    @classmethod
    def from_record(cls, entry: Mapping[str, Any], root: Path) -> Source:
        """Return the source that a record's ``sources[stream]`` describes.

        Args:
            entry: the description.
            root: folder of the index, to which paths are relative.
        """
        times = entry.get("times")
        size = entry.get("size")
        return cls(
            path=root / entry["path"],
            num=entry["num"],
            fps=entry.get("fps"),
            times=tuple(times) if times is not None else None,
            offset=entry.get("offset") or 0.0,
            size_hw=tuple(size) if size is not None else None,
            clip=entry.get("clip"),
        )

    @property
    def entry_times(self) -> np.ndarray:
        """Time at which each entry begins on the record's clock, seconds ``[num]``."""
        file_times = np.arange(self.num) / self.fps if self.fps is not None else np.asarray(self.times)
        return file_times + self.offset

    @property
    def end(self) -> float:
        """Time at which the last entry leaves the display, seconds: it stays as long as the entry before it."""
        times = self.entry_times
        if self.fps is not None:
            return float(times[-1] + 1 / self.fps)
        return float(2 * times[-1] - times[-2]) if len(times) > 1 else float("inf")

    def positions_at(self, times: np.ndarray) -> np.ndarray:
        """Return times as positions among the entries: i where entry i begins, fractions in between.

        Before the first entry and after the last, the first and the last interval go on; a single interval of unknown
        length counts as one second.

        Shapes: seconds ``[T]`` -> float64 ``[T]``.
        """
        if self.fps is not None:
            return (times - self.offset) * self.fps
        knots, first_interval, last_interval = self._knots
        before = np.minimum(times - knots[0], 0) / first_interval
        after = np.maximum(times - knots[-1], 0) / last_interval
        return np.interp(times, knots, np.arange(self.num)) + before + after

    def times_at(self, positions: np.ndarray) -> np.ndarray:
        """Return the times of positions among the entries, the inverse of :meth:`positions_at`.

        Shapes: float ``[T]`` -> seconds ``[T]``.
        """
        if self.fps is not None:
            return positions / self.fps + self.offset
        knots, first_interval, last_interval = self._knots
        before = np.minimum(positions, 0) * first_interval
        after = np.maximum(positions - (self.num - 1), 0) * last_interval
        return np.interp(positions, np.arange(self.num), knots) + before + after

    @property
    def _knots(self) -> tuple[np.ndarray, float, float]:
        """Times of the entries, and the first and the last interval between them."""
        times = self.entry_times
        intervals = np.diff(times) if self.num > 1 else np.ones(1)
        return times, float(intervals[0]), float(intervals[-1])

    def locate(self, times: np.ndarray) -> np.ndarray:
        """Return the index of the entry on display at each time, int ``[T]``."""
        return entries_at(times, self.entry_times)
