"""Order of the classes of custom recordings, and notes about their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.0+)?")
"""Whole numbers, as pandas writes them in a column with gaps too."""


def sort_classes(names: Iterable[str]) -> list[str]:
    """Return the classes in the order of their labels: numbers by their value if all are numbers, else by their text.

    In the order of their texts, ``10`` comes before ``2``, and a network of another project would mean other classes.
    """
    unique_names = sorted(set(names))
    if all(NUMBER.fullmatch(name) for name in unique_names):
        return sorted(unique_names, key=_value_of)
    return unique_names


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
