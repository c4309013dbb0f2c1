"""One phrasing of every error: what, what it must be, what it is, and the cure."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import numpy as np


class InputError(ValueError):
    """Something the user gave does not fit: one line that names the thing, its value and the cure.

    Commands print the line and leave with exit code 1; anything else is a bug and keeps its traceback.
    """


def fail(subject: str, must: str, got: Any, cure: str | None = None) -> NoReturn:
    """Raise ``subject must …, got …; cure``.

    Raises:
        InputError: always.
    """
    raise InputError(f"{subject} must {must}, got {got}" + (f"; {cure}" if cure else ""))


def check_shape(name: str, array: Any, axes: Sequence[str | int], **sizes: int) -> dict[str, int]:
    """Check an array or tensor against named axes and return the size of each name.

    Args:
        name: what the message calls the array, e.g. ``"RgbClip.data"``.
        array: anything with a ``shape``.
        axes: one entry an axis: a name (``"T"``), bound at its first use, or a fixed size.
        sizes: names that are already bound.

    Raises:
        InputError: if the number of axes or a size differs.
    """
    shape = tuple(array.shape)
    bound = dict(sizes)
    fits = len(shape) == len(axes) and all(
        size == (axis if isinstance(axis, int) else bound.setdefault(axis, size))
        for axis, size in zip(axes, shape, strict=True)
    )
    if not fits:
        spec = ", ".join(f"{axis}={bound[axis]}" if axis in sizes else str(axis) for axis in axes)
        fail(name, f"have shape [{spec}]", list(shape))
    return bound


def is_finite(array: np.ndarray) -> bool:
    """Whether all values of a float array are finite, without the array of answers that ``numpy.isfinite`` makes."""
    flat = array.ravel()
    with np.errstate(over="ignore", invalid="ignore"):  # squares may overflow where values do not
        return bool(np.isfinite(flat @ flat)) or bool(np.isfinite(array).all())


def nearest(word: str, choices: Iterable[str]) -> str:
    """``" (did you mean 'x'?)"``, or nothing where no choice is near."""
    found = get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return f" (did you mean '{found[0]}'?)" if found else ""


def check_choice(subject: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``.

    Raises:
        InputError: naming the nearest right one.
    """
    known = sorted(choices)
    if value not in known:
        fail(subject, f"be one of {', '.join(known)}", f"'{value}'{nearest(value, known)}")
    return value


def check_file(subject: str, path: str | Path, cure: str) -> Path:
    """Return ``path`` if it is a readable, non-empty file.

    Raises:
        InputError: naming the path and the cure.
    """
    path = Path(path)
    if not path.is_file():
        fail(subject, "be a file", f"'{path}', which does not exist", cure)
    if not os.access(path, os.R_OK):
        fail(subject, "be readable", f"'{path}', which is not for this user", "change its permissions")
    if path.stat().st_size == 0:
        fail(subject, "have content", f"'{path}', which is empty", cure)
    return path
