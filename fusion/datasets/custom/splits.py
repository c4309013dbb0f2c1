"""Splits of custom recordings: whole subjects, sources or clips are held out, fixed by a hash of their names.

The result is kept in each record (``official``) and in the index's ``metainfo``; it depends on the names of groups and
classes alone, never on the machine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from unicodedata import normalize

from triad.fusion.datasets import SPLITS, stratified_group_split
from triad.fusion.datasets.custom.folder_layout import split_of_folder
from triad.fusion.datasets.custom.source_names import Rule, find_rule, similar_names
from triad.fusion.index import Record

HELD_OUT_SHARE = 0.2
"""Share of the records in each held-out split."""
GROUPINGS = {"subject": "subjects", "folder": "folders", "name": "sources", "clip": "clips"}
"""Ways to group records and their names in messages, the best one first."""


class Grouping(NamedTuple):
    """Way to group records.

    Attributes:
        by: one of :data:`GROUPINGS`.
        rule: rule that finds the source in a name, for ``name``.
        notes: notes about better groupings with too few groups.
    """

    by: str
    rule: Rule | None = None
    notes: tuple[str, ...] = ()

    def group_of(self, record: Record) -> str:
        """Return the group of a record: its subject, its folders without class and split, its source, or its path.

        Classes share groups: ``drink/anna/1.mp4`` and ``eat/anna/1.mp4`` are of one folder.
        """
        if self.by == "subject":
            return str(record["subject"])
        path = PurePosixPath(record["path"])
        if self.by == "name" and self.rule is not None:
            return self.rule.source_of(path.stem, record["class"]) or path.as_posix()
        folders = _folders_of(record) if self.by == "folder" else ()
        return "/".join(folders) if folders else path.as_posix()


def choose_grouping(records: Sequence[Record], num_splits: int) -> Grouping:
    """Return the first grouping of which most classes have enough groups.

    Args:
        records: records with ``class``, ``path`` as the user named the file, and maybe ``subject``.
        num_splits: number of groups that is enough.
    """
    classes = [record["class"] for record in records]
    clips = _groups_by_class(classes, [record["path"] for record in records])
    large_classes = [name for name in clips if len(clips[name]) >= num_splits]

    def has_enough(grouping: Grouping) -> bool:
        groups_by_class = _groups_by_class(classes, [grouping.group_of(record) for record in records])
        num_groups = len(set().union(*groups_by_class.values()))
        num_enough = sum(len(groups_by_class[name]) >= num_splits for name in large_classes)
        return num_groups >= num_splits and 2 * num_enough >= len(large_classes)

    notes: list[str] = []
    if all("subject" in record for record in records):
        if has_enough(Grouping("subject")):
            return Grouping("subject")
        num_subjects = len({record["subject"] for record in records})
        notes.append(f"{num_subjects} subjects are too few to hold some out: most classes need {num_splits}")
    if any(_folders_of(record) for record in records) and has_enough(Grouping("folder")):
        return Grouping("folder", notes=tuple(notes))
    stems = [PurePosixPath(record["path"]).stem for record in records]
    rule = find_rule(stems, classes, num_splits)
    return Grouping("clip" if rule is None else "name", rule, tuple(notes))


def _folders_of(record: Record) -> tuple[str, ...]:
    """Return the folders of a record that are neither its class nor a split."""
    folders = PurePosixPath(record["path"]).parent.parts
    return tuple(name for name in folders if normalize("NFC", name) != record["class"] and not split_of_folder(name))


def assign_splits(records: Sequence[Record], name: str | None = None) -> tuple[dict[str, Any], list[Record], list[str]]:
    """Assign every record to a split under one protocol; splits in the field ``split`` are kept.

    Args:
        records: records with ``class`` and ``path``, and maybe ``subject`` and ``split``.
        name: name of the protocol; by default ``cross_subject`` if subjects are held out, else ``split1``.

    Returns:
        the ``protocol`` of the index: its ``name``, the splits ``given`` and ``carved`` (out of train), ``by`` which
        grouping and in which ``shares``; the records with ``official`` and ``source_video``; and notes for the user.
    """
    given_splits = sorted({record["split"] for record in records if "split" in record}, key=SPLITS.index)
    train_records = [record for record in records if record.get("split", "train") == "train"]
    carved_splits = (
        [split for split in SPLITS if split != "train" and split not in given_splits] if train_records else []
    )
    grouping = Grouping("clip")
    groups: list[str] = []
    shares = {"train": 1 - HELD_OUT_SHARE * len(carved_splits), **dict.fromkeys(carved_splits, HELD_OUT_SHARE)}
    split_of_group: dict[str, str] = {}
    if carved_splits:
        grouping = choose_grouping(train_records, 1 + len(carved_splits))
        groups = [grouping.group_of(record) for record in train_records]
        classes = [record["class"] for record in train_records]
        split_of_group = stratified_group_split(groups, classes, shares=shares)
    name = name or ("cross_subject" if grouping.by == "subject" and not given_splits else "split1")
    assigned_records = []
    for record in records:
        split = record.get("split", "train")
        group = grouping.group_of(record)
        if split == "train" and carved_splits:
            split = split_of_group[group]
        source = record["path"] if grouping.by == "subject" else group
        fields = {key: value for key, value in record.items() if key != "split"}
        assigned_records.append({**fields, "official": {name: split}, "source_video": source})
    protocol: dict[str, Any] = {"name": name, "given": given_splits, "carved": carved_splits}
    notes = [f"protocol {name}: splits as given"]
    if carved_splits:
        rounded_shares = {split: round(share, 2) for split, share in shares.items()}
        protocol |= {"by": grouping.by, "groups": len(set(groups)), "shares": rounded_shares}
        carved = f"{' and '.join(carved_splits)} carved out by {grouping.by}, {HELD_OUT_SHARE:.0%} each"
        notes = [
            f"protocol {name}: {carved}, by a hash of the names ({len(set(groups))} {GROUPINGS[grouping.by]})",
            *grouping.notes,
        ]
        if grouping.rule is not None:
            protocol["rule"] = grouping.rule.meaning
            example, size = max(Counter(groups).items(), key=lambda item: (item[1], item[0]))
            notes.append(f"a source is {grouping.rule.meaning} in a file's name: '{example}' has {size} clips")
        if grouping.by == "clip":
            notes.append("clips of one person or film may be on both sides; where you know them, name them in a table")
    notes += _notes_on_names(assigned_records, name) if grouping.by in ("name", "clip") else []
    return protocol, assigned_records, notes + _notes_on_size(assigned_records, name, grouping, carved_splits)


def _notes_on_names(records: Sequence[Record], protocol: str) -> list[str]:
    """Return a note on test clips whose names look as if they were of the source of a clip in train or val."""
    stem_of_path = {record["path"]: PurePosixPath(record["path"]).stem for record in records}
    first_records = {record["path"]: record for record in records}
    sides = [record["official"][protocol] == "test" for record in first_records.values()]
    classes = [record["class"] for record in first_records.values()]
    pairs = similar_names([stem_of_path[path] for path in first_records], classes, sides)
    if not pairs:
        return []
    example = f"'{pairs[0][0]}' and '{pairs[0][1]}'"
    cure = "if these are of one film or person, name it in the column subject of a table"
    return [f"{len(pairs)} of {sum(sides)} test clips have names like those of train or val, as {example}: {cure}"]


def _notes_on_size(
    records: Sequence[Record], protocol: str, grouping: Grouping, carved_splits: Sequence[str]
) -> list[str]:
    """Return notes on empty splits, on classes that lack a split that others have, and on a single class.

    Classes that lack the same splits share a note, which names the first.
    """
    classes = [record["class"] for record in records]
    splits = [record["official"][protocol] for record in records]
    empty_splits = [split for split in SPLITS if split not in splits]
    reasons = {split: "there are too few clips to fill it" for split in carved_splits}
    notes = [f"{split} is empty: {reasons.get(split, 'no clip is given to it')}" for split in empty_splits]
    groups_by_class = _groups_by_class(classes, [grouping.group_of(record) for record in records])
    splits_of_class = _groups_by_class(classes, splits)
    small_classes: dict[str, list[str]] = defaultdict(list)  # by the splits that they lack
    for name in sorted(groups_by_class):
        missing = [split for split in SPLITS if split not in splits_of_class[name] and split not in empty_splits]
        if missing:
            small_classes[" or ".join(missing)].append(name)
    for missing_splits, names in small_classes.items():
        size = f"{GROUPINGS[grouping.by]}: {len(groups_by_class[names[0]])}"
        others = f", as of {len(names) - 1} more classes" if len(names) > 1 else ""
        notes.append(f"class '{names[0]}' is small ({size}): none in {missing_splits}{others}")
    if len(groups_by_class) == 1:
        notes.append(f"there is one class, '{classes[0]}': a model of it has nothing to tell apart")
    return notes


def _groups_by_class(classes: Sequence[str], groups: Sequence[str]) -> dict[str, set[str]]:
    groups_by_class: dict[str, set[str]] = defaultdict(set)
    for name, group in zip(classes, groups, strict=True):
        groups_by_class[name].add(group)
    return groups_by_class
