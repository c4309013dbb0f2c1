"""A walk through a JSON file that makes objects only of what is asked for, so that no file can fill the memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import NoReturn

import numpy as np

from modalities.checks import fail
from modalities.skeleton.readers.files import CURE

_SPACE = re.compile(rb"[ \t\r\n]*")
_TOKEN = re.compile(rb'["\[\]{}]')
_SCALAR = re.compile(rb"[-+.\w]*")
_NUMERIC = re.compile(rb"(?:[-+0-9.eE,\[\] \t\r\n]|NaN|Infinity|null)*")
_CLOSES = {ord("["): ord("]"), ord("{"): ord("}")}
_BOM = b"\xef\xbb\xbf"


class JsonWalk:
    """Where a reader is in a JSON text. Each value must be taken once: by a method that reads it, or by ``skip``.

    Args:
        path: named in errors.
        data: the file's content, UTF-8.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        self.path = path
        self._data = data
        self._at = len(_BOM) if data.startswith(_BOM) else 0

    def fail(self, must: str, got: object) -> NoReturn:
        """Refuse what is here.

        Raises:
            InputError: always, naming file and byte.
        """
        fail(f"'{self.path}' at byte {self._at}", must, got, CURE)

    def members(self, what: str) -> Iterator[str]:
        """The keys of the object that is here; the value of each must be taken before the next key.

        Raises:
            InputError: where it is no object.
        """
        self._expect(b"{", f"begin {what}, an object")
        if self._accept(b"}"):
            return
        while True:
            key = self.text("a key")
            self._expect(b":", "be ':'")
            yield key
            if not self._accept(b","):
                return self._expect(b"}", f"be ',' or the end of {what}")

    def items(self, what: str) -> Iterator[int]:
        """The places in the array that is here, from 0; the value at each must be taken before the next place.

        Raises:
            InputError: where it is no array.
        """
        self._expect(b"[", f"begin {what}, an array")
        if self._accept(b"]"):
            return
        place = 0
        while True:
            yield place
            place += 1
            if not self._accept(b","):
                return self._expect(b"]", f"be ',' or the end of {what}")

    def text(self, what: str, longest: int = 1000) -> str:
        """The string that is here.

        Raises:
            InputError: if there is none, or a longer one.
        """
        if self._peek() != b'"':
            self.fail(f"be {what}, a string", self._shown())
        start, span = self._at, self._span(longest)
        try:
            return str(json.loads(span))
        except ValueError:
            self._at = start
            self.fail(f"be {what}, a string", self._shown())

    def numbers(self, what: str, *shape: int) -> np.ndarray:
        """The nested arrays of numbers that are here; null, NaN and infinities are numbers, too large ones infinite.

        Args:
            what: what they are.
            shape: their sizes; -1 for any that is not unreasonable.

        Shapes: float32, ``shape``.

        Raises:
            InputError: if they are something else.
        """
        self._peek()
        start = self._at
        span = self._span(1 << 16 if -1 in shape else 256 + 40 * prod(shape), deepest=len(shape))
        end, self._at = self._at, start
        array = np.empty((0,) * (len(shape) + 1), np.float32)
        if _NUMERIC.fullmatch(span):
            with suppress(ValueError, TypeError), np.errstate(over="ignore"):  # no JSON, or ragged
                array = np.array(json.loads(span, parse_int=float), np.float64).astype(np.float32)
        fits = array.ndim == len(shape) and all(w in (-1, g) for w, g in zip(shape, array.shape, strict=True))
        if not fits:
            kind = f"numbers [{', '.join('n' if size == -1 else str(size) for size in shape)}]" if shape else "a number"
            self.fail(f"be {what}, {kind}", self._shown())
        self._at = end
        return array

    def number(self, what: str) -> float:
        """The number that is here.

        Raises:
            InputError: if there is none.
        """
        return float(self.numbers(what))

    def skip(self) -> None:
        """Pass over the value that is here, whatever it is."""
        self._span(len(self._data))

    def end(self) -> None:
        """Refuse a text that goes on.

        Raises:
            InputError: if it does.
        """
        if self._peek():
            self.fail("be the end of the file", self._shown())

    def _peek(self) -> bytes:
        found = _SPACE.match(self._data, self._at)
        if found is not None:  # always: it matches nothing, too
            self._at = found.end()
        return self._data[self._at : self._at + 1]

    def _accept(self, token: bytes) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _expect(self, token: bytes, must: str) -> None:
        if not self._accept(token):
            self.fail(must, self._shown())

    def _shown(self) -> str:
        piece = self._data[self._at : self._at + 20].decode("utf-8", "backslashreplace")
        return repr(piece) if piece else "the end of the file"

    def _span(self, longest: int, deepest: int | None = None) -> bytes:
        """The bytes of the value that is here, which is passed over."""
        first = self._peek()
        start, last = self._at, min(len(self._data), self._at + longest)
        if first == b'"':
            self._at = self._end_of_string(start, last)
        elif first in (b"[", b"{"):
            self._at = self._end_of_nest(start, last, deepest)
        else:
            scalar = _SCALAR.match(self._data, start, last)
            if scalar is None or scalar.end() == start:
                self.fail("be a value", self._shown())
            self._at = scalar.end()
        return self._data[start : self._at]

    def _end_of_string(self, start: int, last: int) -> int:
        quote = start
        while True:
            quote = self._data.find(b'"', quote + 1, last)
            if quote < 0:
                self.fail("be a string that ends", f"none within {last - start} bytes")
            back = quote
            while self._data[back - 1] == ord("\\"):
                back -= 1
            if (quote - back) % 2 == 0:  # not one that is escaped
                return quote + 1

    def _end_of_nest(self, start: int, last: int, deepest: int | None) -> int:
        closing, at = bytearray(), start
        while True:
            found = _TOKEN.search(self._data, at, last)
            if found is None:
                self.fail("be an array or object that ends", f"no end within {last - start} bytes")
            token, at = self._data[found.start()], found.end()
            if token in _CLOSES:
                closing.append(_CLOSES[token])
                if deepest is not None and len(closing) > deepest:
                    self.fail(f"be nested at most {deepest} deep", self._shown())
            elif token == ord('"'):
                at = self._end_of_string(found.start(), last)
            elif closing.pop() != token:
                self._at = found.start()
                self.fail("close what was opened last", f"'{chr(token)}'")
            elif not closing:
                return at
