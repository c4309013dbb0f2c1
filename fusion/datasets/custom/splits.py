"""Splits of custom recordings: whole subjects, sources or clips are held out, fixed by a hash of their names.

The result is kept in each record (``official``) and in the index's ``metainfo``; it depends on the names of groups and
classes alone, never on the machine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from unicodedata import normalize

from fusion.datasets import SPLITS, stratified_group_split
from fusion.index import Record

HELD_OUT_SHARE = 0.2
"""Share of the records in each held-out split."""
GROUPINGS = {"subject": "subjects", "folder": "folders", "stem": "file names without number", "clip": "clips"}
"""Ways to group records and their names in messages, the best one first."""


def choose_grouping(records: Sequence[Record], num_splits: int) -> tuple[str, list[str], list[str]]:
    """Return the first grouping of which most classes have enough groups.

    Args:
        records: records with ``class``, ``path`` as the user named the file, and maybe ``subject``.
        num_splits: number of groups that is enough.

    Returns:
        the name of the grouping, the group of each record, and notes about better groupings with too few groups.
    """
    classes = [record["class"] for record in records]
    clips = _groups_by_class(classes, [record["path"] for record in records])
    notes: list[str] = []
    for grouping in GROUPINGS:
        if grouping == "subject" and not all("subject" in record for record in records):
            continue
        groups = [group_of(record, grouping) for record in records]
        if grouping == "folder" and groups == [group_of(record, "stem") for record in records]:
            continue  # there are no folders below the classes
        if grouping == "stem" and len(set(groups)) == len(records):
            continue  # no two clips share a name
        groups_by_class = _groups_by_class(classes, groups)
        large_classes = [name for name in groups_by_class if len(clips[name]) >= num_splits]
        num_enough = sum(len(groups_by_class[name]) >= num_splits for name in large_classes)
        if grouping == "clip" or (len(set(groups)) >= num_splits and 2 * num_enough >= len(large_classes)):
            return grouping, groups, notes
        if grouping == "subject":
            notes.append(f"{len(set(groups))} subjects are too few to hold some out: most classes need {num_splits}")
    raise AssertionError("clips are always a grouping")


def group_of(record: Record, grouping: str) -> str:
    """Return the group of a record: its subject, its folders without its class, its name without number, or its path.

    Classes share groups: ``drink/anna/1.mp4`` and ``eat/anna/1.mp4`` are of one folder. A name that is only a number
    does not identify a source, so that its clip is a group by itself.
    """
    if grouping == "subject":
        return str(record["subject"])
    path = PurePosixPath(record["path"])
    if grouping == "clip":
        return path.as_posix()
    folders = [folder for folder in path.parent.parts if normalize("NFC", folder) != record["class"]]
    if grouping == "folder" and folders:
        return "/".join(folders)
    return re.sub(r"[\W_]*\d+[\W_]*$", "", path.stem) or path.as_posix()


def assign_splits(records: Sequence[Record]) -> tuple[dict[str, Any], list[Record], list[str]]:
    """Assign every record to a split under one protocol; splits in the field ``split`` are kept.

    Args:
        records: records with ``class`` and ``path``, and maybe ``subject`` and ``split``.

    Returns:
        the ``protocol`` of the index: its ``name``, the splits ``given`` and ``carved`` (out of train), ``by`` which
        grouping and in which ``shares``; the records with ``official`` and ``source_video``; and notes for the user.
    """
    given_splits = sorted({record["split"] for record in records if "split" in record}, key=SPLITS.index)
    train_records = [record for record in records if record.get("split", "train") == "train"]
    carved_splits = (
        [split for split in SPLITS if split != "train" and split not in given_splits] if train_records else []
    )
    grouping = "clip"
    groups: list[str] = []
    notes: list[str] = []
    shares = {"train": 1 - HELD_OUT_SHARE * len(carved_splits), **dict.fromkeys(carved_splits, HELD_OUT_SHARE)}
    split_of_group: dict[str, str] = {}
    if carved_splits:
        grouping, groups, notes = choose_grouping(train_records, 1 + len(carved_splits))
        classes = [record["class"] for record in train_records]
        split_of_group = stratified_group_split(groups, classes, shares=shares)
    name = "cross_subject" if grouping == "subject" and not given_splits else "split1"
    assigned_records = []
    for record in records:
        split = record.get("split", "train")
        if split == "train" and carved_splits:
            split = split_of_group[group_of(record, grouping)]
        source = group_of(record, grouping if grouping in ("folder", "stem") else "clip")
        fields = {key: value for key, value in record.items() if key != "split"}
        assigned_records.append({**fields, "official": {name: split}, "source_video": source})
    protocol: dict[str, Any] = {"name": name, "given": given_splits, "carved": carved_splits}
    if not carved_splits:
        notes = [f"protocol {name}: splits as given"]
    else:
        rounded_shares = {split: round(share, 2) for split, share in shares.items()}
        protocol |= {"by": grouping, "groups": len(set(groups)), "shares": rounded_shares}
        carved = f"{' and '.join(carved_splits)} carved out by {grouping}, {HELD_OUT_SHARE:.0%} each"
        notes = [
            f"protocol {name}: {carved}, by a hash of the names ({len(set(groups))} {GROUPINGS[grouping]})",
            *notes,
        ]
        if grouping == "clip":
            notes.append("clips of one person or film may be on both sides; where you know them, name them in a table")
    return protocol, assigned_records, notes + _notes_on_size(assigned_records, name, grouping)


def _notes_on_size(records: Sequence[Record], protocol: str, grouping: str) -> list[str]:
    """Return notes on empty splits, on classes that lack a split that others have, and on a single class."""
    classes = [record["class"] for record in records]
    splits = [record["official"][protocol] for record in records]
    empty_splits = [split for split in SPLITS if split not in splits]
    notes = [f"{split} is empty: there are too few clips to fill it" for split in empty_splits]
    groups_by_class = _groups_by_class(classes, [group_of(record, grouping) for record in records])
    for name, groups in sorted(groups_by_class.items()):
        class_splits = {split for split, class_name in zip(splits, classes, strict=True) if class_name == name}
        missing = [split for split in SPLITS if split not in {*class_splits, *empty_splits}]
        if missing:
            size = f"{GROUPINGS[grouping]}: {len(groups)}"
            notes.append(f"class '{name}' is small ({size}): none in {' or '.join(missing)}")
    if len(groups_by_class) == 1:
        notes.append(f"there is one class, '{classes[0]}': a model of it has nothing to tell apart")
    return notes


def _groups_by_class(classes: Sequence[str], groups: Sequence[str]) -> dict[str, set[str]]:
    groups_by_class: dict[str, set[str]] = defaultdict(set)
    for name, group in zip(classes, groups, strict=True):
        groups_by_class[name].add(group)
    return groups_by_class
