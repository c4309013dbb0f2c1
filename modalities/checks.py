"""Checks of what users give, and the one phrasing of their errors: ``X must be …, got …; cure``."""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

NEAR = 0.65
"""Similarity of two words, 0–1, from which one may be a misspelling of the other, see :mod:`difflib`."""

MAX_CHOICES = 40
"""Number of choices that a list of choices shows."""
LONGEST = 60
"""Number of letters of a name that a list of names shows."""


MAX_COORDINATE = 1e6
"""Largest coordinate of a joint or pixel, metres or pixels, that can be meant; squares of larger ones overflow."""


class InputError(ValueError):
    """Raised when something that the user gave does not fit: one line with the thing, its value and the cure.

    Commands print the line and exit with code 1. Any other exception is a bug and keeps its traceback.
    """


def fail(subject: str, must: str, got: Any, cure: str | None = None) -> NoReturn:
    """Raise an error that says ``subject must …, got …; cure``.

    Args:
        subject: name of the thing that is wrong.
        must: requirement, a verb phrase such as ``"be positive"``.
        got: value that does not meet it.
        cure: advice to the user.

    Raises:
        InputError: always.
    """
    raise InputError(f"{subject} must {must}, got {_text_of(got)}" + (f"; {cure}" if cure else ""))


class _ShortText(reprlib.Repr):
    """Makes text of containers from files: a pickle can repeat one list without end."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = 30
        self.maxstring = self.maxother = 200

    def repr_int(self, value: int, level: int) -> str:
        """Return an integer as text, of which Python refuses more than 4,300 digits."""
        return str(value) if abs(value) < 10**100 else "a number of more than 100 digits"


def _text_of(value: object) -> str:
    is_plain = isinstance(value, (list, tuple, set, dict)) or type(value) is int
    return _ShortText().repr(value) if is_plain else str(value)


def check_shape(name: str, array: Any, axes: Sequence[str | int], **sizes: int) -> dict[str, int]:
    """Check an array or tensor against named axes and return the size of each name.

    Args:
        name: name of the array in the error, e.g. ``"RgbClip.data"``.
        array: array or tensor, anything with a ``shape``.
        axes: one entry an axis: a name such as ``"T"``, bound at its first use, or a fixed size.
        sizes: sizes of names that are bound before.

    Raises:
        InputError: If the number of axes or a size differs.
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
    """Return True if all values of a float array are finite, without the temporary array of ``numpy.isfinite``."""
    flat = array.ravel()
    with np.errstate(over="ignore", invalid="ignore"):  # squares may overflow where values do not
        return bool(np.isfinite(flat @ flat)) or bool(np.isfinite(array).all())


def find_implausible(array: np.ndarray) -> tuple[list[int], float] | None:
    """Return place and value of the first number beyond ±:data:`MAX_COORDINATE`, None if there is none; NaN is not.

    Sums of squares are taken first: they need no temporary array.
    """
    flat = array.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        if float(flat @ flat) <= MAX_COORDINATE**2:
            return None
        places = np.argwhere(np.abs(array) > MAX_COORDINATE)
    if not len(places):
        return None
    place = places[0].tolist()
    return place, float(array[tuple(place)])


def shorten(names: Iterable[object], shown: int = 5) -> str:
    """Return the first names in one line, and how many more there are.

    Args:
        names: names to list.
        shown: number of names to show.
    """
    words = ["".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(name)) for name in names]
    words = [word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words]
    return ", ".join(words) if len(words) <= shown else f"{', '.join(words[:shown])} and {len(words) - shown} more"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` with the nearest choice, or an empty string where none is near."""
    matches = get_close_matches(word, list(choices), n=1, cutoff=NEAR)
    return f" (did you mean '{matches[0]}'?)" if matches else ""


def check_choice(subject: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``.

    Args:
        subject: name of the value in the error.
        value: value to check.
        choices: allowed values.

    Raises:
        InputError: naming the nearest choice.
    """
    allowed = sorted(choices)
    if value not in allowed:
        fail(
            subject, f"be one of {shorten(allowed, MAX_CHOICES)}", f"'{shorten([value])}'{did_you_mean(value, allowed)}"
        )
    return value


def check_file(subject: str, path: str | Path, cure: str) -> Path:
    """Return ``path`` if it is a readable file that is not empty.

    Args:
        subject: name of the file in the error.
        path: path to check.
        cure: advice to the user.

    Raises:
        InputError: naming the path and the cure.
    """
    path = Path(path)
    if not path.is_file():
        reason = "is a folder" if path.is_dir() else "is no ordinary file" if path.exists() else "does not exist"
        reason = "is a link to nothing" if path.is_symlink() and not path.exists() else reason
        fail(subject, "be a file", f"'{path}', which {reason}", cure)
    if not os.access(path, os.R_OK):
        fail(subject, "be readable", f"'{path}', which is not for this user", "change its permissions")
    if path.stat().st_size == 0:
        fail(subject, "have content", f"'{path}', which is empty", cure)
    return path


def printable(text: object, longest: int = 100) -> str:
    """Return text from a file as one line of ASCII that a message may hold, cut to ``longest`` characters."""
    line = ascii(_text_of(text)[: longest + 1])[1:-1]
    return line if len(line) <= longest else line[:longest] + "…"


def read_text(subject: str, path: str | Path, cure: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Args:
        subject: name of the file in errors.
        path: path of the file.
        cure: advice in errors.

    Raises:
        InputError: If it is missing or empty, or of another encoding, naming the line.
    """
    data = check_file(subject, path, cure).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{data[error.start]:02x} in line {line}"
        convert = "convert it from its own encoding (that of Windows in the West: iconv -f cp1252 -t utf-8)"
        fail(f"{subject} '{path}'", "be text in UTF-8", got, f"{convert}, or {cure}")
