"""Frames of a video as they come."""

from __future__ import annotations

from triad.modalities.clips import RgbClip, Source, Span
from triad.modalities.live import NO_FRAMES, ExternalInputs, FileSource, LetterboxedSource, LiveStream, StreamSampling
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.stopwatch import Stopwatch
from triad.modalities.video import Frame, probe

FRAMES = "rgb"
"""Name in an index of the stream that is the video itself."""


class RgbSource(LetterboxedSource):
    """The frames themselves, see :class:`triad.modalities.live.StreamSource`; a missing frame shows the one before it.

    Args:
        watch: stopwatch that measures the conversion.
    """

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__()
        self.watch = watch

    def frame_range(self, sampling: StreamSampling, span: Span) -> tuple[int, int] | None:
        """Return the first and the last frame on display in the window."""
        return int(sampling.indices.min()), int(sampling.indices.max())

    def add(self, previous: Frame | None, frame: Frame) -> None:
        """Convert the frame if a window waits for it, or for a missing one before it."""
        with self.watch("convert"):
            for number in range(0 if previous is None else previous.number + 1, frame.number + 1):
                if self.is_missing(number):
                    displayed = frame if previous is None or number == frame.number else previous
                    self.push(number, displayed.rgb)

    def clip(self, reader: RgbReader, sampling: StreamSampling, span: Span) -> RgbClip:
        """Return the window's frames on the reader's canvas."""
        data = self.pop(reader, sampling)
        if data is None or sampling.source is None:
            return reader.blank(sampling.times)
        return RgbClip(data, sampling.times, sampling.valid & (sampling.times < sampling.source.end))


def open_frames(
    reader: RgbReader, stream: str, clock: Source, external: ExternalInputs, watch: Stopwatch
) -> LiveStream:
    """Return the frames of the video, or those of the file of another camera; see
    :class:`triad.modalities.live.LiveInput`.

    Raises:
        InputError: If the file is no video.
    """
    if stream in external.files:
        path = external.files[stream]
        info = probe(path)
        fps = info.fps if info.times is None else None
        return LiveStream(Source(path, info.num_frames, fps=fps, times=info.times), FileSource())
    if not external.has_frames:
        return LiveStream(None, None, f"{NO_FRAMES}; give VIDEO")
    if stream != FRAMES:
        return LiveStream(None, None, f"'{stream}' is another recording than the video; give --file {stream}=FILE")
    return LiveStream(clock, RgbSource(watch))
