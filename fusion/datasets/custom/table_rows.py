"""Rows of a user's table, CSV or JSON: a wrong column is an error, a wrong row is dropped and named by its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from unicodedata import normalize

from fusion.datasets.custom.writer import parse_split
from fusion.datasets.writer import Dropped
from modalities.atomic_files import read_json
from modalities.checks import InputError, check_choice, check_file, fail
from modalities.modality import MODALITIES, get_modality

TEXT_COLUMNS = ("path", "label", "subject", "camera", "split", "skeleton", "layout", "format")
NUMBER_COLUMNS = ("start", "end", "fps")
FILE_COLUMNS = {column: name for name in MODALITIES for column in get_modality(name).files.columns}
"""Columns that name a file of a stream beside the video, and the modality of each."""
RECORDING_COLUMNS = ("path", "skeleton", *(c for c in FILE_COLUMNS if get_modality(FILE_COLUMNS[c]).files.standalone))
"""Columns of which a row needs at least one."""
COLUMNS = (*TEXT_COLUMNS, *NUMBER_COLUMNS, *FILE_COLUMNS)
MAX_NAME_BYTES = 255
"""Bytes of a file name."""
CURE = "a table has the columns path and label, or skeleton and label, and any of the others"


@dataclass(frozen=True)
class TableRow:
    """Row of a table.

    Args:
        location: line or row number, for messages.
        words: non-empty text columns.
        numbers: ``start`` and ``end`` in seconds, ``fps`` of the poses.
    """

    location: str
    words: Mapping[str, str]
    numbers: Mapping[str, float]

    @property
    def path(self) -> str:
        """Path of the video, or of another recorded file for a row without one, as the table has it."""
        return next(self.words[column] for column in RECORDING_COLUMNS if column in self.words)

    @property
    def span(self) -> tuple[str, float | None, float | None]:
        """Path, start and end, which are unique to a row."""
        return normpath(self.path), self.numbers.get("start"), self.numbers.get("end")


def read_rows(table: Path) -> tuple[list[TableRow], list[Dropped]]:
    """Return the valid rows in their order, and entries about the others.

    Raises:
        InputError: If the file is not a table, or a column is unknown, duplicate or missing.
    """
    check_file("table", table, "write a CSV file with the columns path and label")
    located_values = _read_json(table) if table.suffix.lower() == ".json" else _read_csv(table)
    rows: list[TableRow] = []
    dropped: list[Dropped] = []
    row_by_span: dict[tuple[str, float | None, float | None], TableRow] = {}
    for location, values in located_values:
        try:
            row = _parse_row(location, values)
            first_row = row_by_span.setdefault(row.span, row)
            if first_row is not row:
                same_label = first_row.words["label"] == row.words["label"]
                cure = "it counts once" if same_label else "a clip has one label: the first one counts"
                fail("the clip", "be named once", f"'{row.path}' of {first_row.location} again", cure)
            rows.append(row)
        except InputError as error:
            dropped.append({"id": f"{table.name}, {location}", "reason": str(error)})
    for column in ("subject", "split"):
        if any(column in row.words for row in rows):
            cure = "fill it in, or leave the column out"
            reason = f"{column} must have a value where other rows have one, got none; {cure}"
            incomplete_rows = [row for row in rows if column not in row.words]
            dropped += [{"id": f"{table.name}, {row.location}", "reason": reason} for row in incomplete_rows]
            rows = [row for row in rows if column in row.words]
    return rows, dropped


def _parse_row(location: str, values: Mapping[str, str]) -> TableRow:
    if None in values:  # the csv module's key for fields beyond the header
        fail("the row", "have as many fields as the header", "more", "quote fields that hold the separator")
    for name, text in values.items():
        if re.search("[\ud800-\udfff]", text or ""):  # JSON can spell characters that no file can hold
            fail(name, "be text", ascii(text[:40]))
    words = {name: normalize("NFC", text.strip()) for name, text in values.items() if text and text.strip()}
    for name in ("path", "skeleton", *FILE_COLUMNS):
        if name in words:
            words[name] = values[name].strip()  # not normalized: file systems may have either form
            if "\0" in words[name] or max(len(part.encode()) for part in words[name].split("/")) > MAX_NAME_BYTES:
                fail(name, "be a name that files can have", ascii(words[name][:40]))
    if "label" not in words:
        fail("label", "have a value", "none")
    if not set(RECORDING_COLUMNS) & set(words):
        fail("path", "have a value", "none")
    if "split" in words:
        words["split"] = parse_split(words["split"])
    numbers = {name: _parse_number(name, words.pop(name)) for name in NUMBER_COLUMNS if name in words}
    start = numbers.get("start", 0.0)
    end = numbers.get("end", math.inf)
    if not 0 <= start < end:
        fail("start and end", "be seconds from 0, the end after the start", f"{start:g} and {end:g}")
    if numbers.get("fps", 1) <= 0:
        fail("fps", "be positive", numbers["fps"])
    return TableRow(location, words, numbers)


def _parse_number(name: str, text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        fail(name, "be a number", f"'{text}'")
    return value


def _read_csv(table: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield location and values by column of each line; the separator is comma, semicolon or tabulator."""
    try:
        text = table.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"'{table}'", "be UTF-8", str(error), "save it as CSV UTF-8")
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_columns(table, names)
        reader.fieldnames = names
        for values in reader:
            yield f"line {reader.line_num}", values
    except csv.Error as error:
        fail(f"'{table}'", "be a CSV table", f"{error} in line {reader.line_num}")


def _read_json(table: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield location and values by field of each object of a list."""
    rows = read_json(table, cure="write a list of objects with the fields path and label")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        fail(f"'{table}'", "be a list of objects", type(rows).__name__, CURE)
    _check_columns(table, list(dict.fromkeys(name for row in rows for name in row)))
    for number, row in enumerate(rows, 1):
        yield f"row {number}", {name: "" if value is None else str(value) for name, value in row.items()}


def _check_columns(table: Path, names: list[str]) -> None:
    for name in names:
        check_choice(f"column of '{table}'", name, COLUMNS)
        if names.count(name) > 1:
            fail(f"column '{name}' of '{table}'", "be there once", names.count(name))
    if "label" not in names or not set(RECORDING_COLUMNS) & set(names):
        fail(f"'{table}'", "have the columns path and label", ", ".join(names) or "none", CURE)
