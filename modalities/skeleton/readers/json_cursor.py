"""A cursor over a JSON file, read with ijson: no value takes memory unless a reader asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import compress, islice
from math import copysign, inf, isnan, nan
from pathlib import Path
from typing import Any, NoReturn

import ijson
import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE

Event = tuple[str, Any]
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NOT_FINITE = re.compile(rb"\bNaN\b|-?\bInfinity\b")
"""Words that Python's ``json`` writes and the JSON standard does not have; they are read as ``null``."""
HUGE = re.compile(rb"[\s,:\[-]\d{19}|[eE]\+?\d{3}")
"""Numbers that may not fit 64 bits; ijson then makes Python integers and decimals of all, which is slower."""
MAX_NUMBERS = 10_000
"""Length of the longest array of numbers whose length a format does not fix."""
MAX_FLOAT32 = float(np.finfo(np.float32).max)
MAX_TEXT = 1000
"""Characters of a text that are kept."""
BUFFER_SIZE = 1 << 14  # bytes parsed at once; their events lie in memory
BRACKETS = {"start_array": "[", "end_array": "]", "start_map": "{", "end_map": "}"}
DEPTH = {"start_array": 1, "start_map": 1, "end_array": -1, "end_map": -1}


class JsonCursor:
    """A position in a JSON file. Every value is taken exactly once: by a method that reads it, or by :meth:`skip`.

    Args:
        path: name of the file in errors.
        data: content of the file, UTF-8.
        many: whether the file may hold several values, one after the other, as JSON lines.
    """

    def __init__(self, path: str | Path, data: bytes, *, many: bool = False) -> None:
        self.path = path
        content = data.removeprefix(BYTE_ORDER_MARK)
        if b"NaN" in content or b"Infinity" in content:
            content = NOT_FINITE.sub(b"null", content)
        use_float = HUGE.search(content) is None
        self._events = ijson.basic_parse(
            BytesIO(content), buf_size=BUFFER_SIZE, use_float=use_float, multiple_values=many
        )
        self._pushed_back: list[Event] = []

    def fail(self, must: str, got: object) -> NoReturn:
        """Refuse the file.

        Raises:
            InputError: always.
        """
        fail(f"'{self.path}'", must, got, CURE)

    def keys(self, subject: str) -> Iterator[str]:
        """Yield the keys of the object at the cursor; the value of each must be taken before the next key.

        Args:
            subject: description of the object in errors.

        Raises:
            InputError: If there is no object.
        """
        self._expect("start_map", f"{subject}, an object")
        while (event := self._next())[0] == "map_key":
            yield event[1]

    def items(self, subject: str) -> Iterator[int]:
        """Yield the indices of the array at the cursor; the value at each must be taken before the next index.

        Args:
            subject: description of the array in errors.

        Raises:
            InputError: If there is no array.
        """
        self._expect("start_array", f"{subject}, an array")
        index = 0
        while (event := self._next())[0] != "end_array":
            self._pushed_back.append(event)
            yield index
            index += 1

    def read_array(self, subject: str, *shape: int) -> np.ndarray:
        """Read nested arrays of numbers; ``null`` becomes NaN, a number beyond float32 infinite.

        Args:
            subject: description of the numbers in errors.
            shape: size of each level of nesting.

        Shapes: float32, ``shape``.

        Raises:
            InputError: If the value is something else.
        """
        expected = _event_names(shape)
        events = self._take(len(expected))
        names, values = zip(*events, strict=True)
        if names != expected:  # null may stand for a number
            for event, name in zip(events, expected, strict=False):
                if event[0] != name and (event[0], name) != ("null", "number"):
                    kind = f"numbers {list(shape)}" if shape else "a number"
                    self.fail(f"hold {subject}, {kind}", _describe(event))
        return _to_float32([*compress(values, map("number".__eq__, expected))]).reshape(shape)

    def read_number(self, subject: str) -> float:
        """Read a number in the precision of the file; ``null`` becomes NaN, a number beyond float32 infinite.

        Raises:
            InputError: If the value is something else.
        """
        event = self._next()
        if event[0] not in ("number", "null"):
            self.fail(f"hold {subject}, a number", _describe(event))
        number = _to_float(event[1])
        return number if abs(number) <= MAX_FLOAT32 or isnan(number) else copysign(inf, number)

    def read_numbers(self, subject: str) -> np.ndarray:
        """Read an array of any number of numbers, at most :data:`MAX_NUMBERS`.

        Shapes: float32 ``[N]``.

        Raises:
            InputError: If the value is something else.
        """
        self._expect("start_array", f"{subject}, an array of numbers")
        values: list[Any] = []
        while (event := self._next())[0] != "end_array":
            if event[0] not in ("number", "null"):
                self.fail(f"hold {subject}, an array of numbers", _describe(event))
            if len(values) == MAX_NUMBERS:
                self.fail(f"hold {subject}, at most {MAX_NUMBERS} numbers", "more")
            values.append(event[1])
        return _to_float32(values)

    def kind(self) -> str:
        """Return what the value at the cursor is, without taking it.

        Returns:
            ``map``, ``array``, ``number``, ``string``, ``boolean`` or ``null``.
        """
        event = self._next()
        self._pushed_back.append(event)
        return event[0].removeprefix("start_")

    def read_text(self, subject: str) -> str:
        """Read a string, or a number as its text.

        Raises:
            InputError: If the value is something else.
        """
        event = self._next()
        if event[0] not in ("string", "number"):
            self.fail(f"hold {subject}, a text", _describe(event))
        return str(event[1])[:MAX_TEXT]

    def skip(self) -> None:
        """Pass over a value of any kind."""
        depth = DEPTH.get(self._next()[0], 0)
        while depth:
            depth += DEPTH.get(self._next()[0], 0)

    def at_end(self) -> bool:
        """Return whether no value follows; between values of a file that may hold several."""
        self._pushed_back = self._take(1)
        return not self._pushed_back

    def read_end(self) -> None:
        """Read the rest of the file, which must be blank.

        Raises:
            InputError: If it is not.
        """
        self._take(1)

    def _expect(self, name: str, subject: str) -> None:
        event = self._next()
        if event[0] != name:
            self.fail(f"hold {subject}", _describe(event))

    def _next(self) -> Event:
        return self._pushed_back.pop() if self._pushed_back else self._take(1)[0]

    def _take(self, count: int) -> list[Event]:
        """The next events, fewer at the end of the file."""
        events = self._pushed_back
        self._pushed_back = []
        try:
            return events + list(islice(self._events, count - len(events)))
        except Exception as error:  # the C library also raises SystemError for an integer of thousands of digits
            text = " ".join(str(error).partition("(right here)")[0].split())
            self.fail("be JSON", printable(text))


@cache
def _event_names(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Names of the events of nested arrays of numbers."""
    if not shape:
        return ("number",)
    return ("start_array", *_event_names(shape[1:]) * shape[0], "end_array")


def _to_float32(values: list[Any]) -> np.ndarray:
    """Numbers of any size and None as float32 ``[N]``."""
    with np.errstate(over="ignore"):
        try:
            return np.array(values, np.float64).astype(np.float32)
        except OverflowError:  # integers of more than 308 digits
            return np.array([_to_float(value) for value in values], np.float64).astype(np.float32)


def _to_float(value: Any) -> float:
    """Return a number of any size, or NaN for None."""
    if value is None:
        return nan
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits
        return float(str(value))


def _describe(event: Event) -> str:
    name, value = event
    if name in BRACKETS:
        return f"'{BRACKETS[name]}'"
    return f"'{printable(value, 30)}'" if name in ("string", "map_key") else printable(value, 30)
