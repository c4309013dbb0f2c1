"""Tables as spreadsheets save them: encodings and separators."""

from __future__ import annotations

import codecs
import re

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before that of UTF-16, with which it begins
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Encodings by the byte order mark at the beginning of a file."""
SEPARATOR_LINE = re.compile('\ufeff?"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
"""First line by which Excel learns the separator."""


def find_encoding(start: bytes) -> str | None:
    """Return the encoding by the mark at the beginning of a file, or by zeros beside the letters; None for UTF-8."""
    mark = next((mark for mark in MARKS if start.startswith(mark)), None)
    if mark is not None:
        return MARKS[mark]
    even, odd = (start[first::2].count(0) > len(start) // 4 for first in (0, 1))
    return {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get((even, odd))


def find_separator(text: str) -> tuple[str, int]:
    """Return the separator of a table, comma, semicolon or tabulator, and the number of lines before its header.

    It is that of which the header has most, or the one that the line before it states.
    """
    stated = SEPARATOR_LINE.match(text)
    if stated is not None:
        return stated[1], 1
    header = next((line for line in text[:1_000_000].splitlines() if line.strip()), "")
    return max(",;\t", key=header.count), 0
