"""Joints of a clip in nested lists: persons may differ in number from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from triad.modalities.checks import fail
from triad.modalities.safe_pickle import CURE


@dataclass(frozen=True)
class ClipLists:
    """Makes arrays of the values of a clip.

    Args:
        subject: name of the clip in errors.
        num_frames: number of frames that the clip says; anything else says none.
        max_bytes: largest size of an array that is made of lists, in which a file can repeat one array without end.
    """

    subject: str
    num_frames: Any
    max_bytes: int

    def to_array(self, name: str, value: Any, axes: int) -> Any:
        """Return the array of joints or scores; values of other kinds as they are.

        An array without the axis of persons is of one person. Lists are those of the axes from the left, or of frames,
        each with its own persons: frames are taken for them where there are as many as the clip says, and persons
        differ in number or have another number of frames. Persons that a frame lacks are zeros.

        Args:
            name: name of the value in errors.
            value: array, or lists of arrays or numbers.
            axes: number of axes of the result, persons and frames first.

        Raises:
            InputError: If the array would be far larger than the file.
        """
        if isinstance(value, np.ndarray):
            return value[None] if value.ndim == axes - 1 else value
        if not isinstance(value, (list, tuple)) or not value:
            return value
        size = _count_bytes(value, self.max_bytes, axes)
        if size is None:
            return value
        self._check_size(name, size)
        try:
            items = [np.asarray(item, None if isinstance(item, np.ndarray) else np.float32) for item in value]
        except (ValueError, TypeError, OverflowError):  # inner lists differ, or hold other things than numbers
            return value
        if any(item.dtype.kind not in "fiub" for item in items):
            return value
        if len({item.shape for item in items}) == 1:
            stacked = np.stack(items)
            if stacked.ndim == axes and not is_integer(self.num_frames):
                got = "none" if self.num_frames is None else type(self.num_frames).__name__
                cure = "add it: the number of frames tells lists of persons from lists of frames"
                fail(f"'{self.subject}': lists of {name}", "come with total_frames", got, cure)
            is_of_frames = stacked.ndim == axes and len(items) == self.num_frames != stacked.shape[1]
            stacked = stacked.swapaxes(0, 1) if is_of_frames else stacked
            return stacked[None] if stacked.ndim == axes - 1 else stacked
        tails = {item.shape[1:] for item in items if item.ndim == axes - 1}
        is_of_frames = is_integer(self.num_frames) and len(items) == self.num_frames
        is_of_frames = is_of_frames and all(item.ndim == axes - 1 or not item.size for item in items)
        return self._pad_frames(name, items, tails.pop()) if is_of_frames and len(tails) == 1 else value

    def _pad_frames(self, name: str, frames: list[np.ndarray], tail: tuple[int, ...]) -> np.ndarray:
        """Return frames of ``[m, …]`` persons as one array ``[M, T, …]``."""
        persons = max(len(frame) for frame in frames)
        self._check_size(name, 4 * persons * len(frames) * prod(tail))
        padded = np.zeros((persons, len(frames), *tail), np.float32)
        for number, frame in enumerate(frames):
            if frame.size:
                padded[: len(frame), number] = frame
        return padded

    def _check_size(self, name: str, size: int) -> None:
        if size > self.max_bytes:
            must = f"make an array of at most {self.max_bytes} bytes"
            fail(f"'{self.subject}': {name}", must, f"{size} or more", "leave out false persons, or save arrays")


def _count_bytes(value: Any, limit: int, depth: int) -> int | None:
    """Return the bytes of the array that lists make, or some number beyond the limit; None for lists that are deeper.

    Empty lists count too: a file can repeat one without end.
    """
    if isinstance(value, np.ndarray):
        return max(value.nbytes, 1)
    if not isinstance(value, (list, tuple)):
        return 4
    if not depth:
        return None
    count = 1
    for item in value:
        size = _count_bytes(item, limit - count, depth - 1)
        if size is None:
            return None
        count += size
        if count > limit:
            break
    return count


def is_integer(value: Any) -> bool:
    """Return whether a value of a pickle is a whole number."""
    return isinstance(value, (int, np.integer))


def describe(value: Any) -> str:
    """Return what stands in place of an array, for errors."""
    if isinstance(value, (list, tuple)):
        lengths = [len(item) for item in value[:6] if isinstance(item, (list, tuple)) or getattr(item, "ndim", 0) > 0]
        return f"a list of {len(value)}, which hold {', '.join(map(str, lengths)) or 'no lists'}"
    return type(value).__name__


def check_array(subject: str, name: str, array: Any, shape: str, axes: int) -> np.ndarray:
    """Return an array of numbers that is not empty: an empty one can claim any size.

    Raises:
        InputError: If it is something else.
    """
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":
        fail(f"'{subject}': {name}", f"be an array of numbers {shape}", describe(array), CURE)
    if array.ndim != axes or 0 in array.shape:
        fail(f"'{subject}': {name}", f"have shape {shape} and values", list(array.shape), "leave it out")
    return array
