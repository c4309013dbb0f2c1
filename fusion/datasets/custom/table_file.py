"""Files of tables and lists: decoding, headers, and rows by column, whoever wrote them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from triad.fusion.datasets.custom.lists import (
    VIDEO_LIST,
    ListFormat,
    flatten_kinetics,
    format_of,
    is_video_list,
    read_video_list,
)
from triad.modalities.atomic_files import read_json
from triad.modalities.checks import check_choice, check_file, fail, printable, read_text
from triad.modalities.spreadsheets import find_encoding, find_separator

MAX_BYTES = 1 << 29
"""Bytes of a table; the lists of all Kinetics together have a tenth of this."""
WORKBOOKS = {b"PK\x03\x04": "a workbook of Excel or OpenDocument", b"\xd0\xcf\x11\xe0": "a workbook of Excel 97"}
INDEX_NAMES = ("", "unnamed: 0", "index")
"""Names of the column in which pandas writes the number of a row."""
CURE = "a table has the columns path and label, or skeleton and label, and any of the others"
CHARADES_COLUMNS = {"id", "actions", "scene"}

LocatedValues = Iterator[tuple[str, dict[str, str]]]
"""Line or row number, and values by column."""


def read_table_file(
    path: Path, columns: Sequence[str], required: Sequence[str]
) -> tuple[ListFormat | None, LocatedValues]:
    """Return the format of a file, None for a table with our own columns, and its rows.

    Args:
        path: CSV, TSV, JSON, or a list of mmaction2.
        columns: our own columns.
        required: columns of which a table needs one beside ``label``.

    Raises:
        InputError: If the file is not a table, or a column is unknown, duplicate or missing.
    """
    check_file("table", path, "write a CSV file with the columns path and label")
    if path.stat().st_size > MAX_BYTES:
        fail(f"'{path}'", f"be a table of at most {MAX_BYTES >> 20} MB", f"{path.stat().st_size >> 20} MB")
    if path.suffix.lower() == ".json":
        return _read_json(path, columns, required)
    text = _read_text(path)
    if is_video_list(text):
        return VIDEO_LIST, read_video_list(text)
    return _read_csv(path, text, columns, required)


def _read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 or UTF-32, as spreadsheets write it.

    Raises:
        InputError: If it is a workbook, or of another encoding.
    """
    with path.open("rb") as file:
        start = file.read(200)
    for magic, kind in WORKBOOKS.items():
        if start.startswith(magic):
            fail(f"'{path}'", "be a CSV table", kind, "save it as CSV UTF-8")
    encoding = find_encoding(start)
    if encoding is None:
        return read_text("table", path, "save it as CSV UTF-8")
    try:
        return path.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        fail(f"table '{path}'", f"be {encoding.upper()}, as its first bytes say", str(error), "save it as CSV UTF-8")


def _read_csv(
    path: Path, text: str, columns: Sequence[str], required: Sequence[str]
) -> tuple[ListFormat | None, LocatedValues]:
    """Return the format and the rows; separators are comma, semicolon, tabulator, or what Excel's first line says."""
    separator, lines_before = find_separator(text)
    lines = io.StringIO(text, newline="")
    for _ in range(lines_before):
        lines.readline()
    reader = csv.reader(lines, delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(reader, ())]
    except csv.Error as error:
        fail(f"'{path}'", "be a CSV table", str(error))
    kind = format_of(names)
    if kind is None:
        _check_columns(path, names, columns, required)
    return kind, _csv_rows(path, reader, names, lines_before)


def _csv_rows(path: Path, reader: Any, names: Sequence[str], lines_before: int) -> LocatedValues:
    """Yield the rows that hold something; columns without a name may only hold the numbers of the rows."""
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            location = f"line {reader.line_num + lines_before}"
            values: dict[Any, str] = {name: "" for name in names if name not in INDEX_NAMES}
            for name, field in zip(names, fields, strict=False):
                number = field.strip()
                if name not in INDEX_NAMES:
                    values[name] = field
                elif number and not number.isdecimal():
                    must = "have a name, or hold the numbers of the rows"
                    fail(f"column '{name}' of '{path}'", must, f"'{printable(number, 40)}' in {location}")
            if any(field.strip() for field in fields[len(names) :]):
                values[None] = "more"  # as csv.DictReader marks fields beyond the header
            yield location, values
    except csv.Error as error:
        fail(f"'{path}'", "be a CSV table", f"{error} in line {reader.line_num + lines_before}")


def _read_json(path: Path, columns: Sequence[str], required: Sequence[str]) -> tuple[ListFormat | None, LocatedValues]:
    """Return the format and the rows: objects of a list, or the entries of a list of Kinetics."""
    document: Any = read_json(path, cure="write a list of objects with the fields path and label")
    if isinstance(document, dict) and any(
        isinstance(entry, dict) and "annotations" in entry for entry in document.values()
    ):
        document = flatten_kinetics(document)
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        fail(f"'{path}'", "be a list of objects", type(document).__name__, CURE)
    names = list(dict.fromkeys(name for row in document for name in row))
    kind = format_of(names)
    if kind is None:
        _check_columns(path, names, columns, required)
    return kind, (
        (f"row {number}", {name: _to_text(value) for name, value in row.items()})
        for number, row in enumerate(document, 1)
    )


def _to_text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return "" if value is None else str(value)


def _check_columns(path: Path, names: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    if set(names) >= CHARADES_COLUMNS:
        cure = "triad prepare charades FOLDER OUT reads it with its videos"
        fail(f"'{path}'", "be a table of clips", "the list of Charades, whose videos have many actions", cure)
    if not any(name in columns for name in names):
        first_row = ", ".join(name for name in names if name)[:80]
        must = "begin with a row of column names such as path,label"
        fail(f"'{path}'", must, f"'{first_row}'" if first_row else "nothing", CURE)
    for name in names:
        if name not in INDEX_NAMES:
            check_choice(f"column of '{path}'", name, columns)
        if name not in INDEX_NAMES and names.count(name) > 1:
            fail(f"column '{name}' of '{path}'", "be there once", names.count(name))
    if "label" not in names or not set(required) & set(names):
        fail(f"'{path}'", "have the columns path and label", ", ".join(names) or "none", CURE)
