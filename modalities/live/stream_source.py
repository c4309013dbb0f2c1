"""Interface of a stream that is made or read while a video runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from triad.modalities.clips import Reader, Source, Span
from triad.modalities.live.external_inputs import ExternalInputs
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame


class StreamSampling(NamedTuple):
    """Entries of one stream that a window shows.

    Attributes:
        times: seconds ``[T]``.
        valid: which of them are real, bool ``[T]``.
        source: clock of the entries; None where the video lacks the stream.
        indices: indices of the entries that the clip shows: those on display, int ``[T]``, or of stacks ``[T, L]``.
    """

    times: np.ndarray
    valid: np.ndarray
    source: Source | None
    indices: np.ndarray


class StreamSource(Protocol):
    """One stream of a video: takes frames as they come, and gives the clip of a window once all of it has come.

    Clips are made by the readers of ``test``. Entries that no window waits for any more are forgotten.
    """

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return the numbers of the first and the last frame that a window needs; None where it needs none."""
        ...

    def request(self, reader: Any, sampling: StreamSampling) -> None:
        """Keep the entries of a window when they come."""
        ...

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Take the next frame; ``previous`` is the frame before it."""
        ...

    def clip(self, reader: Any, sampling: StreamSampling, span: Span) -> Any:
        """Return the clip of a window whose last frame has come; the window then waits no longer."""
        ...

    def discard_before(self, number: int) -> None:
        """Drop entries of frames before this one, which no window will need."""
        ...


NO_FRAMES = "there is no video to make it from"
"""Reason why a stream is absent that is made of a video's frames."""


class LiveStream(NamedTuple):
    """A stream that is ready to be read, or the reason why the video has none.

    Attributes:
        clock: clock of its entries; None where there is no such stream.
        entries: source of its entries; None likewise.
        reason: why there is none, and after ``"; "`` the cure.
        notes: remarks for the user about what was read.
    """

    clock: Source | None
    entries: StreamSource | None
    reason: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class LiveInput:
    """How prediction gets the streams of a modality from a video.

    Args:
        open: returns the stream, given the reader of a model, the stream's name in an index, the clock of the video's
            frames, what the user gives beside the video, and the stopwatch that measures its work.
        adapt: returns the reader changed to what the user's estimator makes, and a note for the user that follows the
            stream's name, given the reader, the stream's name in an index and what the user gives; None where the
            reader is right as it is.
        locate: returns the indices of the entries that a reader shows of a clock at given times, see
            :class:`StreamSampling`.
    """

    open: Callable[[Any, str, Source, ExternalInputs, Stopwatch], LiveStream]
    adapt: Callable[[Any, str, ExternalInputs], tuple[Reader, str] | None] = lambda reader, stream, external: None
    locate: Callable[[Any, Source, np.ndarray], np.ndarray] = lambda reader, clock, times: clock.locate(times)
