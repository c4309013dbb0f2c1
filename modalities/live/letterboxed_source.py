"""Entries that a reader places on its canvas: what frames and flow have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from modalities.live.frame_buffer import FrameBuffer
from modalities.live.stream_source import StreamSampling


class LetterboxedSource:
    """Buffers of placed entries, one for each canvas that some reader has; base of stream sources.

    Attributes:
        buffers: by height and width of the canvas.
    """

    def __init__(self) -> None:
        self.buffers: dict[tuple[int, int], FrameBuffer] = {}

    def request(self, reader: Any, sampling: StreamSampling) -> None:
        """Keep the entries of a window, placed by its reader's ``fit``."""
        self.buffers.setdefault(reader.frame_size, FrameBuffer(reader.fit)).request(sampling.indices.ravel())

    def discard_before(self, number: int) -> None:
        """Do nothing: buffers drop entries as soon as no window waits for them."""

    def is_missing(self, number: int) -> bool:
        """Return whether a window waits for an entry that has not come."""
        return any(buffer.is_missing(number) for buffer in self.buffers.values())

    def push(self, number: int, entry: np.ndarray) -> None:
        """Hand a new entry to every buffer."""
        for buffer in self.buffers.values():
            buffer.push(number, entry)
