"""Rows of a user's table or list: a wrong column is an error, a wrong row is dropped and named by its line."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from os.path import normpath
from pathlib import Path
from typing import Any
from unicodedata import normalize

from triad.fusion.datasets.custom.folder_layout import split_of_folder
from triad.fusion.datasets.custom.lists import VideoFiles, seconds_of
from triad.fusion.datasets.custom.table_file import read_table_file
from triad.fusion.datasets.custom.writer import parse_split
from triad.fusion.datasets.writer import Dropped
from triad.modalities.checks import InputError, check_choice, fail
from triad.modalities.modality import MODALITIES, get_modality
from triad.modalities.skeleton import UNITS

TEXT_COLUMNS = ("path", "label", "subject", "camera", "split", "skeleton", "layout", "format", "unit", "axes")
NUMBER_COLUMNS = ("start", "end", "fps", "width", "height")
FILE_COLUMNS = {column: name for name in MODALITIES for column in get_modality(name).files.columns}
"""Columns that name a file of a stream beside the video, and the modality of each."""
RECORDING_COLUMNS = ("path", "skeleton", *(c for c in FILE_COLUMNS if get_modality(FILE_COLUMNS[c]).files.standalone))
"""Columns of which a row needs at least one."""
COLUMNS = (*TEXT_COLUMNS, *NUMBER_COLUMNS, *FILE_COLUMNS)
PATH_COLUMNS = ("path", "skeleton", *FILE_COLUMNS)
MAX_NAME_BYTES = 255
"""Bytes of a file name."""
LIST_SUFFIXES = (".csv", ".tsv", ".txt", ".json")
WINDOWS_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")


@dataclass(frozen=True)
class TableRow:
    """Row of a table.

    Args:
        location: line or row number, for messages.
        words: non-empty text columns.
        numbers: ``start`` and ``end`` in seconds, ``fps`` of the poses or of a folder of pictures, ``width`` and
            ``height`` of the frames that joints refer to, pixels.
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
        """Path, start and end, which only segments with several actions share."""
        return normpath(self.path), self.numbers.get("start"), self.numbers.get("end")

    @property
    def is_segment(self) -> bool:
        """Whether it is a part of a recording, and not the whole of it."""
        return "start" in self.numbers and "end" in self.numbers


def read_rows(
    table: Path, *, videos: VideoFiles | None = None, class_names: Mapping[int, str] | None = None
) -> tuple[list[TableRow], list[Dropped]]:
    """Return the valid rows in their order, and entries about the others.

    Args:
        table: table or list, or a folder with lists that are named after splits, ``train.txt`` and ``val.txt``.
        videos: videos to which paths and ids refer; those beside the table by default.
        class_names: ``{number: name}`` for labels that are numbers.

    Raises:
        InputError: If the file is not a table, or a column is unknown, duplicate or missing.
    """
    videos = videos or VideoFiles(table if table.is_dir() else table.parent)
    rows: list[TableRow] = []
    dropped: list[Dropped] = []
    first_rows: dict[tuple[Any, ...], TableRow] = {}
    for path, split in find_lists(table):
        kind, located_values = read_table_file(path, COLUMNS, RECORDING_COLUMNS)
        for line, values in located_values:
            location = f"{path.name}, {line}" if table.is_dir() else line
            try:
                row = _parse_row(location, values if kind is None else kind.convert(values, videos), videos)
                row = _complete_row(row, split, class_names)
                # a segment may show several actions
                first_row = first_rows.setdefault((*row.span, row.words["label"] if row.is_segment else None), row)
                if first_row is not row:
                    same_label = first_row.words["label"] == row.words["label"]
                    cure = "it counts once" if same_label else "a clip has one label: the first one counts"
                    fail("the clip", "be named once", f"'{row.path}' of {first_row.location} again", cure)
                rows.append(row)
            except InputError as error:
                dropped.append({"id": f"{path.name}, {line}", "reason": str(error)})
    for column in ("subject", "split"):
        rows, incomplete_rows = _partition(rows, column)
        cure = "fill it in, or leave the column out"
        reason = f"{column} must have a value where other rows have one, got none; {cure}"
        dropped += [{"id": f"{table.name}, {row.location}", "reason": reason} for row in incomplete_rows]
    return rows, dropped


def find_lists(table: Path) -> list[tuple[Path, str | None]]:
    """Return the table, or the lists in a folder with the split that each is named after.

    Raises:
        InputError: If a folder holds no list that is named after a split.
    """
    if not table.is_dir():
        return [(table, None)]
    lists: list[tuple[Path, str | None]] = [
        (path, split)
        for path in sorted(table.iterdir())
        if path.suffix.lower() in LIST_SUFFIXES and path.is_file() and (split := split_of_list(path)) is not None
    ]
    if not lists:
        must = "hold lists that are named after splits, such as train.csv and val.csv"
        fail(f"'{table}'", must, "none", "give one list, or use: triad prepare folder")
    return lists


def split_of_list(path: Path) -> str | None:
    """Return the split in the name of a list, as ``val`` of ``kinetics400_val_list_videos.txt``; None without one."""
    words = re.split(r"[\W_]+|(?<=\D)(?=\d)", path.stem.lower())  # trainlist01 has two words
    splits = {split for word in words if (split := split_of_folder(word.removesuffix("list"))) is not None}
    return splits.pop() if len(splits) == 1 else None


def _partition(rows: Iterable[TableRow], column: str) -> tuple[list[TableRow], list[TableRow]]:
    """Return the rows that have a value in a column and those that lack it; all rows and none if no row has one."""
    rows = list(rows)
    with_value = [row for row in rows if column in row.words]
    return (with_value, [row for row in rows if column not in row.words]) if with_value else (rows, [])


def _complete_row(row: TableRow, split: str | None, class_names: Mapping[int, str] | None) -> TableRow:
    """Return a row with the split of its list, and with the name of its class instead of a number."""
    words = dict(row.words)
    if split is not None:
        words.setdefault("split", split)
    if class_names is not None and re.fullmatch(r"\d{1,9}", words["label"]):
        if int(words["label"]) not in class_names:
            numbers = f"{min(class_names)} to {max(class_names)}"
            fail("label", f"be one of the numbers {numbers} that have a name", words["label"])
        words["label"] = class_names[int(words["label"])]
    return replace(row, words=words)


def _parse_row(location: str, values: Mapping[str, str], videos: VideoFiles) -> TableRow:
    if None in values:  # the csv module's key for fields beyond the header
        fail("the row", "have as many fields as the header", "more", "quote fields that hold the separator")
    for name, text in values.items():
        if re.search("[\ud800-\udfff]", text or ""):  # JSON can spell characters that no file can hold
            fail(name, "be text", ascii(text[:40]))
    words = {name: normalize("NFC", text.strip()) for name, text in values.items() if text and text.strip()}
    for name in PATH_COLUMNS:
        if name in words:
            # not normalized: file systems may have either form
            words[name] = _local_path(name, values[name].strip(), videos)
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
    sides = [numbers[name] for name in ("width", "height") if name in numbers]
    if len(sides) == 1 or any(not 1 <= side < 2**16 or side % 1 for side in sides):
        fail("width and height", "be whole numbers of pixels, both of them", sides)
    if "unit" in words:
        check_choice("unit", words["unit"], UNITS)
    return TableRow(location, words, numbers)


def _local_path(name: str, text: str, videos: VideoFiles) -> str:
    """Return a path as this machine has it, if a table of Windows or of another machine names it.

    Raises:
        InputError: If it begins with a drive, and no end of it is in a folder that the user named.
    """
    is_windows = os.sep != "\\" and WINDOWS_DRIVE.match(text) is not None
    if os.path.lexists(videos.folder / text[:4096]) or not (is_windows or text.startswith("/") or "\\" in text):
        return text
    if is_windows or text.startswith("/"):
        end = videos.find_end_of(text)
        if end is None and is_windows:
            cure = "make it relative to the table, or name the folder of the videos with --videos"
            fail(name, "be on this machine", f"'{text}' of a Windows machine", cure)
        return end or text
    return text.replace("\\", "/") if os.sep == "/" else text


def _parse_number(name: str, text: str) -> float:
    """Return a number; the decimal sign may be a comma, seconds may be spelt ``hh:mm:ss.ss``."""
    text = text.replace(",", ".")
    if name in ("start", "end") and ":" in text:
        text = seconds_of(text)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        fail(name, "be a number", f"'{text}'")
    return value
