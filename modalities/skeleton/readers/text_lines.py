"""Text files of numbers, read line by line with the line's number in every error."""

from __future__ import annotations

import re
from math import nan
from pathlib import Path
from typing import NoReturn

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE

MAX_FIELD = 64  # characters of a number with the spaces around it
NOT_BLANK = re.compile(rb"\S[^\n]*")
WINDOWS_NAN = re.compile(rb"[+-]?(1\.#(IND|INF|QNAN|SNAN)\d*|nan\(\w+\))", re.IGNORECASE)


class TextLines:
    """The lines of a text file that are not blank, in their order.

    Args:
        path: name of the file in errors.
        data: content of the file.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        self.path = path
        self._data = data
        self._line_start = 0
        self._position = 0

    @property
    def at_end(self) -> bool:
        """True if no line is left."""
        return NOT_BLANK.search(self._data, self._position) is None

    def fail(self, must: str, got: object) -> NoReturn:
        """Refuse the line that was read last.

        Raises:
            InputError: always, naming file and line.
        """
        number = self._data.count(b"\n", 0, self._line_start) + 1
        fail(f"'{self.path}' line {number}", must, got, CURE)

    def read_numbers(self, subject: str, count: int) -> list[float]:
        """Read the next line, which must hold ``count`` numbers; NaN and infinities are numbers.

        Raises:
            InputError: If the line holds something else, or there is none.
        """
        fields = self._read_fields(subject, count)
        try:
            return [float(field) for field in fields]
        except ValueError:
            return [self._to_float(subject, field) for field in fields]

    def read_integer(self, subject: str, *, num_fields: int = 1) -> int:
        """Read the first field of the next line, an integer.

        Args:
            subject: description of the integer in errors.
            num_fields: number of fields of the line; the others are ignored.

        Raises:
            InputError: If the field is no integer, or there is no such line.
        """
        field = self._read_fields(subject, num_fields)[0]
        try:
            return int(field)
        except ValueError:
            self.fail(f"hold {subject}, an integer", f"'{printable(field.decode('latin-1'), 30)}'")

    def _read_fields(self, subject: str, count: int) -> list[bytes]:
        fields = self._read_line(subject, MAX_FIELD * count).split()
        if len(fields) != count:
            self.fail(f"hold {subject}, {count} number{'s' * (count > 1)}", f"{len(fields)} fields")
        return fields

    def _read_line(self, subject: str, longest: int) -> bytes:
        match = NOT_BLANK.search(self._data, self._position)
        if match is None:
            self._line_start = len(self._data)
            self.fail(f"hold {subject}", "the end of the file")
        self._line_start, self._position = match.span()
        length = self._position - self._line_start
        if length > longest:
            self.fail(f"hold {subject}", f"{length} characters")
        return match.group()

    def _to_float(self, subject: str, field: bytes) -> float:
        try:
            return float(field)
        except ValueError:
            if WINDOWS_NAN.fullmatch(field):
                return nan
            self.fail(f"hold {subject} in numbers", f"'{printable(field.decode('latin-1'), 30)}'")
