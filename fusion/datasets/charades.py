"""Charades: Sigurdsson et al. 2016, Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding.

On disk, anywhere below the source: ``Charades_v1_train.csv``, ``Charades_v1_test.csv`` (``id, subject, …, actions,
length``; actions are ``c092 11.90 21.20;c147 0.00 12.60``, in seconds), ``Charades_v1_classes.txt`` (``c000 Holding
some clothes``) and the videos ``<id>.mp4``.

Actions overlap: the labels of a moment are those of all records of its ``source_video`` that span it, and
``metainfo["durations"]`` has the length of each video, in seconds. Annotated ends after that of the video are cut.

The protocol follows the two lists, which have no subject in common. They define no validation: a fifth of the training
subjects, by a hash of their names, validates.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from triad.fusion.datasets import Dataset, by_official_list, share_of_groups
from triad.fusion.datasets.segments import cut_to_video
from triad.fusion.datasets.writer import Dropped, Progress, Recording, find_files, write_dataset
from triad.fusion.index import Record
from triad.modalities.checks import InputError, check_file, fail, read_text, shorten

LISTS = {"Charades_v1_train.csv": "train", "Charades_v1_test.csv": "test"}
CLASSES_FILE = "Charades_v1_classes.txt"
VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".webm")
CURE = "give the folder that holds the unpacked Charades.zip and the videos <id>.mp4"


class Action(NamedTuple):
    """Annotated action: its class index, and its start and end in seconds."""

    label: int
    start: float
    end: float


class AnnotatedVideo(NamedTuple):
    """Row of a list.

    Attributes:
        subject: person in the video.
        split: ``train`` or ``test``.
        length: seconds.
        actions: annotated actions.
    """

    subject: str
    split: str
    length: float
    actions: tuple[Action, ...]


def read_classes(path: Path) -> list[str]:
    """Return the classes in the order of their codes, which are ``c000``, ``c001`` ….

    Raises:
        InputError: If the file is missing or of another kind.
    """
    names = []
    for number, line in enumerate(read_text("list of classes", path, CURE).splitlines()):
        match = re.fullmatch(r"c(\d{3})\s+(\S.*?)\s*", line)
        if match is None or int(match[1]) != number:
            fail(f"line {number + 1} of '{path}'", f"be 'c{number:03d} <class>'", f"'{line[:80]}'")
        names.append(match[2])
    return names


def read_list(path: Path, num_classes: int) -> tuple[dict[str, AnnotatedVideo], list[Dropped]]:
    """Return the videos of a list by their ids, and an entry for each unusable row or action.

    Raises:
        InputError: If the file is missing or lacks a column.
    """
    columns, rows = _read_rows(path)
    missing = {"id", "subject", "actions", "length"} - set(columns)
    if missing:
        fail(f"'{path}'", f"have the columns {', '.join(sorted(missing))}", shorten(columns) or "none", CURE)
    videos: dict[str, AnnotatedVideo] = {}
    dropped: list[Dropped] = []
    for line, row in rows:
        video = (row["id"] or "").strip()
        try:
            if not re.fullmatch(r"[A-Za-z0-9_-]+", video):
                fail("id", "be a name of letters and digits", repr(video[:40]))
            if video in videos:
                fail("id", "be there once", f"'{video}' again")
            length = _parse_seconds("length", row["length"])
            actions, invalid = _parse_actions(row["actions"] or "", num_classes)
            dropped += [{"id": video, "reason": reason} for reason in invalid]
            videos[video] = AnnotatedVideo(row["subject"] or video, LISTS[path.name], length, actions)
        except InputError as error:
            dropped.append({"id": video or f"{path.name}, line {line}", "reason": str(error)})
    return videos, dropped


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str | None]]]]:
    """Return the columns of a list, and its rows with their line numbers."""
    reader = csv.DictReader(io.StringIO(read_text("list", path, CURE), newline=""))
    try:
        return list(reader.fieldnames or ()), [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        fail(f"'{path}'", "be a CSV table", f"{error} in line {reader.line_num}", CURE)


def prepare_charades(source: Path, out: Path, *, progress: Progress[str] = iter) -> dict[str, Any]:
    """Write the index, one record an action; the videos stay where they are.

    Raises:
        InputError: If a list is missing or damaged, or there is no video.
    """
    folder = _folder_of_lists(source, out)
    classes = read_classes(folder / CLASSES_FILE)
    annotated: dict[str, AnnotatedVideo] = {}
    dropped: list[Dropped] = []
    for name in LISTS:
        videos, entries = read_list(folder / name, len(classes))
        annotated |= videos
        dropped += entries
    paths: dict[str, Path] = {}
    for path in find_files(source, *VIDEO_SUFFIXES, exclude=out):
        if path.stem not in annotated:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is in no list"})
        elif paths.setdefault(path.stem, path) != path:
            dropped.append({"id": path.stem, "reason": f"video: '{path}' is there twice, also '{paths[path.stem]}'"})
    for name, video in annotated.items():
        if not video.actions:
            dropped.append({"id": name, "reason": "annotated with no action"})
        elif name not in paths:
            dropped.append({"id": name, "reason": "annotated, but there is no file of it"})
    usable = [name for name in sorted(annotated) if annotated[name].actions and name in paths]

    def recordings() -> Iterator[Recording]:
        for name in progress(usable):
            yield Recording(name, _records(name, annotated[name]), video=paths[name], finalize=cut_to_video)

    durations = {name: annotated[name].length for name in usable}
    metainfo = {"dataset": "charades", "classes": classes, "durations": durations, "source": SOURCE}
    return write_dataset(out, recordings(), metainfo=metainfo, dropped=dropped)


def _folder_of_lists(source: Path, out: Path) -> Path:
    lists = [path for path in find_files(source, *LISTS, exclude=out) if path.name in LISTS]
    if not lists:
        check_file("list", source / next(iter(LISTS)), CURE)
    return lists[0].parent


def _records(name: str, video: AnnotatedVideo) -> tuple[Record, ...]:
    shared = {"source_video": name, "subject": video.subject, "official": {"split1": video.split}}
    return tuple(
        {"id": f"{name}_{number:04d}", "label": action.label, **shared, "start": action.start, "end": action.end}
        for number, action in enumerate(video.actions)
    )


def _parse_actions(text: str, num_classes: int) -> tuple[tuple[Action, ...], list[str]]:
    """Return the valid actions of a row, and the reasons of the others."""
    actions: list[Action] = []
    reasons: list[str] = []
    for word in filter(None, (word.strip() for word in text.split(";"))):
        try:
            match = re.fullmatch(r"c(\d{3}) (\S+) (\S+)", word)
            if match is None or int(match[1]) >= num_classes:
                fail("action", f"be 'c<000 to {num_classes - 1:03d}> <start> <end>'", f"'{word[:60]}'")
            action = Action(int(match[1]), _parse_seconds("start", match[2]), _parse_seconds("end", match[3]))
            if action.start >= action.end:
                fail("action", "end after it starts", f"{action.start:g} to {action.end:g} s")
            actions.append(action)
        except InputError as error:
            reasons.append(str(error))
    return tuple(actions), reasons


def _parse_seconds(subject: str, text: str | None) -> float:
    if not re.fullmatch(r"\d{1,6}(?:\.\d+)?", (text or "").strip()):
        fail(subject, "be seconds", f"'{text}'")
    return float(str(text))


SOURCE = "Sigurdsson et al. 2016, Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding"
CHARADES = Dataset(
    name="charades",
    files="Charades_v1_train.csv, Charades_v1_test.csv, Charades_v1_classes.txt, <id>.mp4.",
    prepare=prepare_charades,
    protocols={"split1": by_official_list("split1", val=share_of_groups("subject", 0.2))},
    published_counts={"split1": {"train+val": 49802, "test": 16691}},  # of 66,500 actions, seven end before they start
    published_video_counts={"split1": {"train+val": 7811, "test": 1814}},  # of 9,848 videos, 223 show no action
)
