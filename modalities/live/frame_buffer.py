"""Entries of a stream as they come, kept as long as a window waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np


class FrameBuffer:
    """Entries of one stream on the canvas of one reader.

    Args:
        fit: brings a decoded entry onto the canvas.
    """

    def __init__(self, fit: Callable[[np.ndarray], np.ndarray]) -> None:
        self._place = fit
        self._requests: Counter[int] = Counter()
        self._entries: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        """Return the number of entries in memory."""
        return len(self._entries)

    def request(self, numbers: np.ndarray) -> None:
        """Keep these entries when they come, until :meth:`pop` has been given the same numbers."""
        self._requests.update(set(numbers.tolist()))

    def is_missing(self, number: int) -> bool:
        """Return whether an entry is requested and has not come."""
        return self._requests[number] > 0 and number not in self._entries

    def push(self, number: int, entry: np.ndarray) -> None:
        """Take a new entry; it is placed and kept if it is requested."""
        if self.is_missing(number):
            self._entries[number] = self._place(entry)

    def pop(self, numbers: np.ndarray) -> np.ndarray | None:
        """Return the entries of these numbers in that order, ``[T, …]``, and drop those that nobody else requests.

        Where the last ones never came, because the video ended before its clock said, the newest entry stays; None
        where there is no entry at all.
        """
        stacked = None
        if self._entries:
            newest = max(self._entries)
            stacked = np.stack(
                [self._entries[number if number in self._entries else newest] for number in numbers.tolist()]
            )
        for number in set(numbers.tolist()):
            self._requests[number] -= 1
            if self._requests[number] <= 0:
                del self._requests[number]
                self._entries.pop(number, None)
        return stacked
