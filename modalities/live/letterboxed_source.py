"""Entries that a reader places on its canvas: what frames and flow have in common."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from triad.modalities.live.frame_buffer import FrameBuffer
from triad.modalities.live.stream_source import StreamSampling


class CanvasKey(NamedTuple):
    """Key of a canvas: its height and width in pixels, and how pictures of another aspect ratio meet it."""

    frame_size: tuple[int, int]
    crop_mode: str


class LetterboxedSource:
    """Buffers of placed entries, one for each canvas that some reader has; base of stream sources.

    Attributes:
        buffers: by canvas.
    """

    def __init__(self) -> None:
        self.buffers: dict[CanvasKey, FrameBuffer] = {}

    def request(self, reader: Any, sampling: StreamSampling) -> None:
        """Keep the entries of a window, placed by its reader's ``fit``."""
        self.buffers.setdefault(canvas_key(reader), FrameBuffer(reader.fit)).request(sampling.indices.ravel())

    def pop(self, reader: Any, sampling: StreamSampling) -> np.ndarray | None:
        """Return the entries of a window on its reader's canvas, one an index; None where there is none."""
        return self.buffers[canvas_key(reader)].pop(sampling.indices.ravel())

    def discard_before(self, number: int) -> None:
        """Do nothing: buffers drop entries as soon as no window waits for them."""

    def is_missing(self, number: int) -> bool:
        """Return whether a window waits for an entry that has not come."""
        return any(buffer.is_missing(number) for buffer in self.buffers.values())

    def push(self, number: int, entry: np.ndarray) -> None:
        """Hand a new entry to every buffer."""
        for buffer in self.buffers.values():
            buffer.push(number, entry)


def canvas_key(reader: Any) -> CanvasKey:
    """Return the key of a reader's canvas."""
    return CanvasKey(reader.frame_size, reader.crop_mode)
