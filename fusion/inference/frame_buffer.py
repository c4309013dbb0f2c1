"""Entries of a source as they come, kept as long as a window waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np


class FrameBuffer:
    """The entries of one source on the canvas of one reader.

    Args:
        place: brings a decoded entry onto the canvas.
    """

    def __init__(self, place: Callable[[np.ndarray], np.ndarray]) -> None:
        self._place = place
        self._wanted: Counter[int] = Counter()
        self._held: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        """How many entries are held."""
        return len(self._held)

    def want(self, numbers: np.ndarray) -> None:
        """Keep these entries when they come, until :meth:`take` has been given the same numbers."""
        self._wanted.update(set(numbers.tolist()))

    def lacks(self, number: int) -> bool:
        """Whether somebody waits for an entry that has not come."""
        return self._wanted[number] > 0 and number not in self._held

    def put(self, number: int, entry: np.ndarray) -> None:
        """An entry has come; it is placed and held if somebody waits for it."""
        if self.lacks(number):
            self._held[number] = self._place(entry)

    def take(self, numbers: np.ndarray) -> np.ndarray | None:
        """The entries of these numbers, in that order; ``[T, …]``.

        Where the last ones never came, because the video ended before its clock said, the one before stays; None where
        there is none before.
        """
        taken = None
        if self._held:
            newest = max(self._held)
            taken = np.stack([self._held[number if number in self._held else newest] for number in numbers.tolist()])
        for number in set(numbers.tolist()):
            self._wanted[number] -= 1
            if self._wanted[number] <= 0:
                del self._wanted[number]
                self._held.pop(number, None)
        return taken
