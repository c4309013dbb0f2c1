"""What a document from a file may hold, declared once: types, ranges and fields; errors name the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np

from triad.modalities.checks import fail, printable


@dataclass(frozen=True)
class Number:
    """A finite number, no bool.

    Args:
        low: lowest value.
        high: highest value.
        whole: whether it must be an integer.
        above: whether it must be above ``low``.
    """

    low: float = -1e15
    high: float = 1e15
    whole: bool = False
    above: bool = False

    def fits(self, value: Any) -> bool:
        is_number = isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)
        return is_number and self.low <= value <= self.high and not (self.above and value == self.low)

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} {'above' if self.above else 'from'} {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Text:
    """Text without NUL, of one of some values where these are given."""

    choices: tuple[str, ...] = ()

    def fits(self, value: Any) -> bool:
        return isinstance(value, str) and "\0" not in value and (not self.choices or value in self.choices)

    def __str__(self) -> str:
        return f"one of {', '.join(self.choices)}" if self.choices else "text"


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True)
class ListOf:
    """A list.

    Args:
        item: schema of each item; None takes anything.
        length: number of items; None for any number.
    """

    item: Schema | None = None
    length: int | None = None

    def __str__(self) -> str:
        return "a list" + ("" if self.length is None else f" of {self.length}")


@dataclass(frozen=True)
class Fields:
    """A mapping of text to values.

    Args:
        required: schemas of the fields that must be there.
        optional: schemas of the fields that may be there, also as null.
        others: schema of all other fields; None takes anything.
    """

    required: Mapping[str, Schema] = field(default_factory=dict)
    optional: Mapping[str, Schema] = field(default_factory=dict)
    others: Schema | None = None

    def __str__(self) -> str:
        return "an object with fields"


Schema = Number | Text | Flag | ListOf | Fields


def check_document(subject: str, value: Any, schema: Schema, cure: str) -> None:
    """Check a value of a document and everything in it.

    Args:
        subject: name of the value in errors; what lies in it is named ``… of subject``.
        value: value to check.
        schema: what it may be.
        cure: advice in errors.

    Raises:
        InputError: naming the first place that does not fit.
    """
    if isinstance(schema, Fields):
        if not isinstance(value, Mapping):
            fail(subject, f"be {schema}", _shown(value), cure)
        for key in schema.required:
            if key not in value:
                fail(subject, f"have '{key}'", printable(sorted(map(str, value))), cure)
        for key, child in value.items():
            optional = schema.optional.get(key)
            child_schema = schema.required.get(key) or optional or schema.others
            if child_schema is not None and not (child is None and optional is not None):
                check_document(f"{printable(key)} of {subject}", child, child_schema, cure)
    elif isinstance(schema, ListOf):
        if not isinstance(value, list | tuple) or schema.length not in (None, len(value)):
            fail(subject, f"be {schema}", _shown(value), cure)
        if schema.item is not None and not _all_fit(value, schema.item):
            for number, child in enumerate(value):
                check_document(f"entry {number} of {subject}", child, schema.item, cure)
    elif not schema.fits(value):
        fail(subject, f"be {schema}", _shown(value), cure)


def _all_fit(values: Any, schema: Schema) -> bool:
    """Return whether all of many numbers fit; False where they must be looked at one by one."""
    if not isinstance(schema, Number) or not all(type(value) in (int, float) for value in values):
        return False
    if schema.whole or schema.above:
        return False
    try:
        array = np.array(values, np.float64)
    except OverflowError:
        return False
    return bool(((array >= schema.low) & (array <= schema.high)).all())


def _shown(value: Any) -> str:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return printable(repr(value) if isinstance(value, str | int | float | None) else type(value).__name__, 60)
