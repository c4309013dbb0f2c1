"""A stream that lies in a file of its own beside the video."""

from __future__ import annotations

from typing import Any

from triad.modalities.clips import Reader, Span
from triad.modalities.live.stream_source import StreamSampling
from triad.modalities.video import Frame


class FileSource:
    """Entries of a file, read by the reader of each window, see :class:`triad.modalities.live.StreamSource`."""

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return None: no frame of the video is needed."""
        return None

    def request(self, reader: Reader, sampling: StreamSampling) -> None:
        """Do nothing: all entries are in the file."""

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Ignore the frame."""

    def clip(self, reader: Reader, sampling: StreamSampling, span: Span) -> Any:
        """Read the window's clip from the file that its clock names."""
        if sampling.source is None:
            return reader.blank(sampling.times)
        return reader.read(sampling.source, sampling.times, sampling.valid)

    def discard_before(self, number: int) -> None:
        """Do nothing: nothing is kept."""
