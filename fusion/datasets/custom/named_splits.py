"""Protocols of files that name their splits: ``train1``/``test1``, ``xsub_train``/``xsub_val``, ``train``/``val``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from triad.fusion.datasets.custom.folder_layout import SPLIT_NAMES
from triad.fusion.datasets.custom.splits import assign_splits
from triad.fusion.index import Record
from triad.modalities.checks import shorten

SPLIT_WORD = re.compile(rf"(?<![a-z])({'|'.join(sorted(SPLIT_NAMES, key=len, reverse=True))})(?![a-z])", re.IGNORECASE)


def parse_split_name(name: str) -> tuple[str, str] | None:
    """Return protocol and split of a name; None if it holds no usual name of a split.

    ``train1`` is train of ``split1``, ``xsub_val`` is val of ``xsub``, ``train`` is train of ``split1``.
    """
    matches = list(SPLIT_WORD.finditer(name))
    if not matches:
        return None
    match = matches[-1]
    remainder = (name[: match.start()].strip("_-. ") + "_" + name[match.end() :].strip("_-. ")).strip("_")
    protocol = f"split{remainder or 1}" if not remainder or remainder.isdigit() else remainder
    return protocol, SPLIT_NAMES[match[1].lower()]


def find_protocols(splits: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Return ``{protocol: {clip: split}}`` of the splits of a file.

    A protocol of train and val alone tests on its val, as this field does; its validation is then carved out of train.
    """
    protocols: dict[str, dict[str, str]] = {}
    for name, ids in splits.items():
        parsed = parse_split_name(name)
        if parsed is not None:
            protocol, split = parsed
            protocols.setdefault(protocol, {}).update(dict.fromkeys(ids, split))
    for protocol, split_of in protocols.items():
        if "test" not in split_of.values():
            protocols[protocol] = {clip: "test" if split == "val" else split for clip, split in split_of.items()}
    return protocols


def assign_named_splits(
    records: Sequence[Record], splits: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[Record], list[str]]:
    """Assign every record to a split under each protocol of a file, see :func:`find_protocols`.

    Splits that a protocol lacks are carved out of its train; a file without splits gets one protocol.

    Args:
        records: records with ``class`` and ``path``, the clip's name in the file.
        splits: ids of the clips of each split.

    Returns:
        the ``protocol`` of the index, with the ``names`` of all; the records with ``official``; and notes for the user.
    """
    clip_paths = {record["path"] for record in records}
    protocols = {
        name: split_of
        for name, split_of in find_protocols(splits).items()
        if "train" in {split_of[clip] for clip in clip_paths & set(split_of)} or len(splits) == 1
    }
    parsed_names = {name: parse_split_name(name) for name in splits}
    unread = [name for name, parsed in parsed_names.items() if parsed is None or parsed[0] not in protocols]
    reason = "each names none of train, val, test, or has no train beside it"
    notes = [f"splits of the file that are not read: {shorten(unread)}; {reason}"] if unread else []
    if not protocols:
        protocol, assigned, carved_notes = assign_splits(records)
        return {**protocol, "names": [protocol["name"]]}, assigned, [*notes, *carved_notes]
    official: dict[str, dict[str, str]] = {record["id"]: {} for record in records}
    sources: dict[str, str] = {}
    first: dict[str, Any] = {}
    for name, split_of in protocols.items():
        listed = [{**record, "split": split_of[record["path"]]} for record in records if record["path"] in split_of]
        protocol, assigned, protocol_notes = assign_splits(listed, name)
        for record in assigned:
            official[record["id"]] |= record["official"]
            sources.setdefault(record["id"], record["source_video"])
        notes += protocol_notes[:1]
        if not first:
            first = protocol
            notes += protocol_notes[1:]
    unlisted = sum(not official[record["id"]] for record in records)
    if unlisted:
        notes.append(f"{unlisted} clips are in no split of the file: no protocol reads them")
    rows = [
        {**record, "official": official[record["id"]], "source_video": sources.get(record["id"], record["path"])}
        for record in records
    ]
    return {**first, "names": list(protocols)}, rows, notes
