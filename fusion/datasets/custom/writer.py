"""What folders and tables of one's own recordings share: safe ids, and classes and splits once all files were read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

from fusion.datasets.custom.protocol import assign_splits
from fusion.datasets.writer import Dropped, Recording, Skeletons, build
from fusion.index.index import Record
from modalities.checks import check_choice, fail
from modalities.video import VideoInfo

LONGEST = 120
"""Bytes of an id before its hash: files that are named after it add to that."""
SPLIT_NAMES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}


def safe_ids(names: Sequence[str], keys: Sequence[str]) -> list[str]:
    """A name that files can have for each of ``names``, all different also where case is not told apart.

    Letters and digits of any script stay. A name that would be another's, too long or empty ends in a hash of
    its key, all of which differ, so that it does not depend on their order.
    """
    plain = [re.sub(r"[^\w.+-]+", "_", normalize("NFC", name)).strip("._-") for name in names]
    often = Counter(name.casefold() for name in plain)
    ids = []
    for key, short in zip(keys, plain, strict=True):
        cut = short.encode()[:LONGEST].decode(errors="ignore")
        if not short or cut != short or often[short.casefold()] > 1:
            cut = f"{cut or 'clip'}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        ids.append(cut)
    return ids


def split_of(word: str) -> str:
    """``train``, ``val`` or ``test`` for the names that they go by.

    Raises:
        InputError: naming the nearest.
    """
    return SPLIT_NAMES[check_choice("split", word.strip().lower(), SPLIT_NAMES)]


def check_frames(record: Record, info: VideoInfo | None) -> Record:
    """The record, if its video moves at all.

    Raises:
        InputError: if it has one frame.
    """
    if info is not None and info.num_frames < 2:
        fail(f"video of '{record['path']}'", "have at least 2 frames, for an action takes time", info.num_frames)
    return record


def build_custom(
    dataset: str,
    out: Path,
    recordings: Iterable[Recording],
    *,
    expected: Iterable[str],
    dropped: list[Dropped],
    skeletons: Skeletons | None = None,
    late: list[Dropped] | None = None,
    notes: list[str] | None = None,
) -> dict[str, Any]:
    """Write the index of records that have ``class`` instead of a label.

    Splits come from :func:`fusion.datasets.custom.protocol.assign_splits`.

    Args:
        dataset: its name, ``folder`` or ``table``.
        out: folder of the dataset.
        recordings: see :func:`build`.
        expected: classes that the user named; those of which no clip can be used are none, which is said.
        dropped: what was dropped before.
        skeletons: see :func:`build`.
        late: what is dropped meanwhile.
        notes: what is noted meanwhile.

    Returns:
        as :func:`build`; and ``protocol``, what was done, and ``notes``, what the user should know.
    """
    said: list[str] = []
    protocol: dict[str, Any] = {}

    def settle(records: list[Record]) -> tuple[dict[str, Any], list[Record]]:
        classes = sorted({record["class"] for record in records})
        told, rows, words = assign_splits(sorted(records, key=lambda record: record["id"]))
        protocol.update(told)
        said.extend(words)
        gone = sorted(set(expected) - set(classes))
        said.extend(f"class '{name}' is left out: no clip of it can be used" for name in gone)
        labels = {name: label for label, name in enumerate(classes)}
        return {"classes": classes, "protocol": told}, [{**row, "label": labels[row["class"]]} for row in rows]

    metainfo = {"dataset": dataset, "classes": []}
    report = build(out, recordings, metainfo=metainfo, skeletons=skeletons, dropped=dropped, settle=settle)
    report["dropped"] = sorted([*report["dropped"], *(late or [])], key=lambda row: (row["id"], row["reason"]))
    return {**report, "protocol": protocol, "notes": [*said, *(notes or []), *report.get("notes", [])]}
