"""Windows of features: one for each stride of a video, around its middle."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from triad.modalities.checks import fail
from triad.modalities.clips import Source, Span

TOLERANCE = 1e-6
"""Seconds by which a video may end after its last stride."""


class WindowLength(NamedTuple):
    """Length of a window or a stride, in seconds or in frames of the video.

    Attributes:
        value: number of seconds or frames.
        in_frames: whether it counts frames.
    """

    value: float
    in_frames: bool = False

    @classmethod
    def parse(cls, text: str) -> WindowLength:
        """Return the length that ``2``, ``0.5s`` or ``16f`` names.

        Raises:
            InputError: for another text, or a length that is not positive.
        """
        match = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)(s?|f)", text.strip())
        if match is None or not 0 < float(match[1]) < 1e6 or (match[2] == "f" and float(match[1]) % 1):
            fail("length", "be seconds above 0, as 0.5, or whole frames, as 16f", f"'{text}'")
        return cls(float(match[1]), match[2] == "f")

    def seconds(self, clock: Source) -> float:
        """Return the seconds of a video with this clock."""
        if not self.in_frames:
            return self.value
        return self.value / clock.fps if clock.fps is not None else self.value * clock.end / clock.num

    def __str__(self) -> str:
        return f"{self.value:g} {'frames' if self.in_frames else 's'}"


def feature_spans(duration: float, *, window: float, stride: float) -> list[Span]:
    """Return a window for each stride of a video, around its middle and within the video.

    Args:
        duration: length of the video, seconds.
        window: length of a window, seconds.
        stride: seconds from one window to the next.
    """
    count = max(math.ceil((duration - TOLERANCE) / stride), 1)
    length = min(window, duration)
    starts = [min(max((number + 0.5) * stride - length / 2, 0.0), duration - length) for number in range(count)]
    return [Span(start, start + length) for start in starts]
