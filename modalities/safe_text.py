"""Text from files made safe for each medium; HTML is escaped by the templates."""

from __future__ import annotations

import unicodedata

KEPT = "\n\t"
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of Unicode that a terminal may obey: control and format characters, surrogates, separators of lines."""
JOINERS = "\u200c\u200d"  # part of names in Persian, Hindi and emoji


def terminal_text(text: str) -> str:
    """Return text without anything that a terminal obeys or cannot print: such characters as ``\\uXXXX``.

    In JSON these are the same characters again.

    Args:
        text: one or more lines.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(letter) for letter in text)


def plot_text(text: str) -> str:
    """Return text for matplotlib, which would set what stands between two dollar signs as a formula."""
    return terminal_text(text).replace("$", r"\$")


def _escape(letter: str) -> str:
    if letter in KEPT or letter in JOINERS or unicodedata.category(letter) not in UNSAFE:
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
