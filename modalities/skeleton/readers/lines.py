"""Lines of numbers, taken one by one from a text file, with the line's number in every error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

from modalities.checks import fail
from modalities.skeleton.readers.files import CURE, shown

LONGEST = 64  # characters a number may take, with the space around it
_LINE = re.compile(rb"\S[^\n]*")


class Lines:
    """The lines of a file that are not blank, in their order.

    Args:
        path: named in errors.
        data: the file's content.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        self.path = path
        self._data, self._next, self._start = data, 0, 0

    @property
    def done(self) -> bool:
        """Whether no line is left."""
        return _LINE.search(self._data, self._next) is None

    @property
    def left(self) -> int:
        """Bytes after the last line taken."""
        return len(self._data) - self._next

    def fail(self, must: str, got: object) -> NoReturn:
        """Refuse the line that was taken last.

        Raises:
            InputError: always, naming file and line.
        """
        number = self._data.count(b"\n", 0, self._start) + 1
        fail(f"'{self.path}' line {number}", must, got, CURE)

    def numbers(self, what: str, count: int) -> list[float]:
        """The next line, which must hold ``count`` numbers; NaN and infinities are numbers.

        Raises:
            InputError: if it does not, or there is none.
        """
        fields = self._fields(what, count)
        try:
            return [float(field) for field in fields]
        except ValueError:
            return [self._number(what, field) for field in fields]

    def integer(self, what: str, *, of: int = 1) -> int:
        """The first of the ``of`` fields of the next line, an integer; the others are not looked at.

        Raises:
            InputError: if it is none, or there is no such line.
        """
        field = self._fields(what, of)[0]
        try:
            return int(field)
        except ValueError:
            self.fail(f"hold {what}, an integer", f"'{shown(field.decode('latin-1'), 30)}'")

    def _fields(self, what: str, count: int) -> list[bytes]:
        fields = self._line(what, LONGEST * count).split()
        if len(fields) != count:
            self.fail(f"hold {what}, {count} number{'s' * (count > 1)}", f"{len(fields)} fields")
        return fields

    def _line(self, what: str, longest: int) -> bytes:
        found = _LINE.search(self._data, self._next)
        if found is None:
            self._start = len(self._data)
            self.fail(f"hold {what}", "the end of the file")
        self._start, self._next = found.span()
        if self._next - self._start > longest:
            self.fail(f"hold {what}", f"{self._next - self._start} characters")
        return found.group()

    def _number(self, what: str, field: bytes) -> float:
        try:
            return float(field)
        except ValueError:
            if re.fullmatch(rb"[+-]?(1\.#(IND|INF|QNAN|SNAN)\d*|nan\(\w+\))", field, re.IGNORECASE):
                return float("nan")  # as Windows writes what is no number
            self.fail(f"hold {what} in numbers", f"'{shown(field.decode('latin-1'), 30)}'")
