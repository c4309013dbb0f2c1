"""Order of the classes of custom recordings, and notes about their names."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from triad.modalities.checks import fail, printable, read_text

NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.0+)?")
"""Whole numbers, as pandas writes them in a column with gaps too."""
NUMBERED_NAME = re.compile(r"(\d{1,6})[\s,;:]+(\S.*)")
"""Line of a list of classes with their numbers."""
NAME_COLUMNS = ("name", "key", "label", "class")
"""Columns of names beside a column ``id``, as in the tables of Kinetics and EPIC-Kitchens."""


def sort_classes(names: Iterable[str], order: Sequence[str] = ()) -> list[str]:
    """Return the classes in the order of their labels: numbers by their value if all are numbers, else by their text.

    Where an order is given, its names come first, in their order. In the order of their texts, ``10`` comes before
    ``2``, and a network of another project would mean other classes.
    """
    unique_names = sorted(set(names))
    if all(NUMBER.fullmatch(name) for name in unique_names):
        return sorted(unique_names, key=_value_of)
    positions = {name: position for position, name in enumerate(order)}
    return sorted(unique_names, key=lambda name: positions.get(name, len(positions)))


def read_class_names(path: Path) -> dict[int, str]:
    """Return ``{number: name}`` of a file: a name a line, counted from 0, ``number name`` lines, or a CSV table.

    Raises:
        InputError: If the file is missing, no text, has a row without a number, or names a number twice.
    """
    text = read_text("list of classes", path, "write one class a line, in the order of the numbers")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        numbered = _read_columns(lines) or _read_numbered(lines) or list(enumerate(lines))
    except csv.Error as error:
        fail(f"'{path}'", "be a list of classes", str(error))
    names = dict(numbered)
    if len(names) < len(numbered) or not names:
        fail(f"'{path}'", "give each number one name", f"{len(numbered)} names for {len(names)} numbers")
    return names


def _read_columns(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return numbers and names of a CSV table with the columns ``id`` and ``key`` or the like; none of another file.

    Raises:
        InputError: If a row has no whole number or no name.
    """
    reader = csv.DictReader(lines)
    columns = [name for name in reader.fieldnames or () if name.strip().lower() in NAME_COLUMNS]
    if not columns or "id" not in (reader.fieldnames or ()):
        return []
    numbered = []
    for row in reader:
        if not re.fullmatch(r"\s*\d{1,6}\s*", row["id"] or "") or not row[columns[0]]:
            fail(f"row {reader.line_num} of the classes", f"have an id and a {columns[0]}", printable(row))
        numbered.append((int(row["id"]), row[columns[0]].strip()))
    return numbered


def _read_numbered(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return numbers and names of lines that all begin with a number; none of another file."""
    matches = [NUMBERED_NAME.fullmatch(line) for line in lines]
    return [(int(match[1]), match[2].strip()) for match in matches if match is not None] if all(matches) else []


def notes_on_classes(classes: Sequence[str]) -> list[str]:
    """Return notes about numbers that differ from the labels, and about names that differ in case or spaces alone.

    Args:
        classes: names of the classes in the order of their labels.
    """
    notes = []
    if classes and all(NUMBER.fullmatch(name) for name in classes):
        differing = [label for label, name in enumerate(classes) if _value_of(name) != label]
        if differing:
            first = differing[0]
            notes.append(
                f"classes are numbers with gaps or not from 0: label {first} stands for class '{classes[first]}'"
            )
    similar_names: dict[str, list[str]] = defaultdict(list)
    for name in classes:
        similar_names[re.sub(r"[\W_]+", " ", name).strip().casefold()].append(name)
    for spelling, names in similar_names.items():
        if spelling and len(names) > 1:
            notes.append(f"classes {', '.join(f'{name!r}' for name in names)} differ in spelling alone")
    return notes


def _value_of(name: str) -> int:
    return int(name.partition(".")[0])
