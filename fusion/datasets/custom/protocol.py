"""One's own recordings, which nobody has divided: whole subjects, sources or clips are held out, fixed by hash.

The result stands in each record (``official``) and in the index's ``metainfo``; it depends on the names of groups and
classes alone, never on the machine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from unicodedata import normalize

from fusion.datasets.protocols.rules import SPLITS, Protocol, listed_split
from fusion.datasets.protocols.stratified_group_split import stratified_group_split
from fusion.index.index import Record

CUSTOM = ("folder", "table")
SHARE = 0.2
"""Of the records that each carved split is to have."""
GROUPINGS = {"subject": "subjects", "folder": "folders", "stem": "file names without number", "clip": "clips"}


def assigned(name: str) -> Protocol:
    """What the preparation has written down."""

    def protocol(record: Record) -> str | None:
        return listed_split(record, name)

    return protocol


def grouping(records: Sequence[Record], splits: int) -> tuple[str, list[str], list[str]]:
    """What to hold out whole: the first of subjects, sources and clips that most classes have enough of.

    Args:
        records: with ``class``, ``path`` as the user named the file, and maybe ``subject``.
        splits: how many groups are enough.

    Returns:
        its name, the group of each record, and what speaks against the ones before it.
    """
    names = [record["class"] for record in records]
    clips = _groups_of(names, [record["path"] for record in records])
    against: list[str] = []
    for by in GROUPINGS:
        if by == "subject" and not all("subject" in record for record in records):
            continue
        groups = [group_of(record, by) for record in records]
        if by == "folder" and groups == [group_of(record, "stem") for record in records]:
            continue  # there are none below the classes
        if by == "stem" and len(set(groups)) == len(records):
            continue  # no two clips share a name
        found = _groups_of(names, groups)
        large = [name for name in found if len(clips[name]) >= splits]
        enough = sum(len(found[name]) >= splits for name in large)
        if by == "clip" or (len(set(groups)) >= splits and 2 * enough >= len(large)):
            return by, groups, against
        if by == "subject":
            against.append(f"{len(set(groups))} subjects are too few to hold some out: most classes need {splits}")
    raise AssertionError("clips are always a grouping")


def group_of(record: Record, by: str) -> str:
    """The subject, the folders of a file below or without its class, its name without the number at the end, or itself.

    Classes share sources: ``drink/anna/1.mp4`` and ``eat/anna/1.mp4`` are of one. A name that is nothing but a number
    tells of no source, so that its clip is one by itself.
    """
    if by == "subject":
        return str(record["subject"])
    path = PurePosixPath(record["path"])
    if by == "clip":
        return path.as_posix()
    folders = [part for part in path.parent.parts if normalize("NFC", part) != record["class"]]
    if by == "folder" and folders:
        return "/".join(folders)
    return re.sub(r"[\W_]*\d+[\W_]*$", "", path.stem) or path.as_posix()


def assign_splits(records: Sequence[Record]) -> tuple[dict[str, Any], list[Record], list[str]]:
    """Give every record its split under one protocol; what has one (``split``) keeps it.

    Args:
        records: with ``class`` and ``path``, and maybe ``subject`` and ``split``.

    Returns:
        the ``protocol`` of the index: its ``name``, what was ``given`` and ``carved``, ``by`` what and in which
        ``shares``; the records with ``official`` and ``source_video``; and in words what the user should know.
    """
    given = sorted({record["split"] for record in records if "split" in record}, key=SPLITS.index)
    free = [record for record in records if record.get("split", "train") == "train"]
    carved = [split for split in SPLITS if split != "train" and split not in given] if free else []
    by, groups, notes = grouping(free, 1 + len(carved)) if carved else ("clip", [], [])
    shares = {"train": 1 - SHARE * len(carved), **dict.fromkeys(carved, SHARE)}
    dealt = stratified_group_split(groups, [record["class"] for record in free], shares=shares) if carved else {}
    name = "cross_subject" if by == "subject" and not given else "split1"
    divided = []
    for record in records:
        split = record.get("split", "train")
        split = dealt[group_of(record, by)] if split == "train" and carved else split
        source = group_of(record, by if by in ("folder", "stem") else "clip")
        kept = {key: value for key, value in record.items() if key != "split"}
        divided.append({**kept, "official": {name: split}, "source_video": source})
    if not carved:
        notes = [f"protocol {name}: splits as given"]
    said: dict[str, Any] = {"name": name, "given": given, "carved": carved}
    if carved:
        said |= {"by": by, "groups": len(set(groups)), "shares": {part: round(shares[part], 2) for part in shares}}
        what = f"{' and '.join(carved)} carved out by {by}, {SHARE:.0%} each, by a hash of the names"
        notes = [f"protocol {name}: {what} ({len(set(groups))} {GROUPINGS[by]})", *notes]
        if by == "clip":
            notes.append("clips of one person or film may be on both sides; where you know them, name them in a table")
    return said, divided, notes + _small(divided, name, by)


def _small(records: Sequence[Record], protocol: str, by: str) -> list[str]:
    """The splits that are empty, and the classes that not all the others have."""
    classes = [record["class"] for record in records]
    parts = [record["official"][protocol] for record in records]
    empty = [split for split in SPLITS if split not in parts]
    notes = [f"{split} is empty: there are too few clips to fill it" for split in empty]
    found = _groups_of(classes, [group_of(record, by) for record in records])
    for name, groups in sorted(found.items()):
        there = {part for part, own in zip(parts, classes, strict=True) if own == name}
        lacking = [split for split in SPLITS if split not in {*there, *empty}]
        if lacking:
            notes.append(f"class '{name}' is small ({GROUPINGS[by]}: {len(groups)}): none in {' or '.join(lacking)}")
    if len(found) == 1:
        notes.append(f"there is one class, '{classes[0]}': a model of it has nothing to tell apart")
    return notes


def _groups_of(classes: Sequence[str], groups: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, group in zip(classes, groups, strict=True):
        found[name].add(group)
    return found
