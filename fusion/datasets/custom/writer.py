"""Writer of custom recordings: safe ids, and classes and splits that follow once all files are read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

from triad.fusion.datasets import SPLITS
from triad.fusion.datasets.custom.class_list import notes_on_classes, sort_classes
from triad.fusion.datasets.custom.folder_layout import SPLIT_NAMES
from triad.fusion.datasets.custom.splits import assign_splits
from triad.fusion.datasets.writer import Dropped, Recording, SkeletonSpec, write_dataset
from triad.fusion.index import Record
from triad.modalities.checks import check_choice, fail, shorten
from triad.modalities.video import VideoInfo

MAX_ID_BYTES = 120
"""Bytes of an id before its hash; the names of files that are named after it are longer."""


def safe_ids(names: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return an id for each name that is valid in a file name and unique even if case is ignored.

    Letters and digits of any script stay. An id that would be empty, too long or that of another name ends in a hash
    of the key, so that it does not depend on the order of the names.

    Args:
        names: names to make ids of.
        keys: unique strings, one for each name.
    """
    plain_names = [re.sub(r"[^\w.+-]+", "_", normalize("NFC", name)).strip("._-") for name in names]
    counts = Counter(name.casefold() for name in plain_names)
    ids = []
    for key, name in zip(keys, plain_names, strict=True):
        short_name = name.encode()[:MAX_ID_BYTES].decode(errors="ignore")
        if not name or short_name != name or counts[name.casefold()] > 1:
            short_name = f"{short_name or 'clip'}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        ids.append(short_name)
    return ids


def parse_split(word: str) -> str:
    """Return ``train``, ``val`` or ``test`` for a usual name of a split.

    Raises:
        InputError: naming the nearest usual name.
    """
    return SPLIT_NAMES[check_choice("split", word.strip().lower(), SPLIT_NAMES)]


def check_frames(record: Record, info: VideoInfo | None) -> Record:
    """Return the record if its video has at least two frames.

    Raises:
        InputError: If it has one frame.
    """
    if info is not None and info.num_frames < 2:
        fail(f"video of '{record['path']}'", "have at least 2 frames, for an action takes time", info.num_frames)
    return record


def write_custom_dataset(
    dataset: str,
    out: Path,
    recordings: Iterable[Recording],
    *,
    expected_classes: Iterable[str],
    dropped: list[Dropped],
    skeletons: SkeletonSpec | None = None,
    late_dropped: list[Dropped] | None = None,
    late_notes: list[str] | None = None,
    class_order: Sequence[str] = (),
    assign: Callable[[Sequence[Record]], tuple[dict[str, Any], list[Record], list[str]]] = assign_splits,
) -> dict[str, Any]:
    """Write the index of recordings whose records have ``class`` instead of a label.

    Args:
        dataset: name of the dataset.
        out: output folder.
        recordings: recordings, see :func:`~triad.fusion.datasets.writer.write_dataset`.
        expected_classes: classes that the user named; a note names those without a usable clip.
        dropped: entries of the report from before.
        skeletons: properties of the skeletons, for recordings with skeletons.
        late_dropped: list to which entries are added while the recordings are read.
        late_notes: list to which notes are added while the recordings are read.
        class_order: classes in the order of their labels, where the user gave one.
        assign: function from the records to protocol, records with splits, and notes.

    Returns:
        the report of ``write_dataset``; ``protocol``, see :func:`~triad.fusion.datasets.custom.splits.assign_splits`;
        ``classes``, ``{class: {split: number of records}}`` in the order of the labels; and ``notes`` for the user.
    """
    notes: list[str] = []
    protocol: dict[str, Any] = {}
    class_counts: dict[str, dict[str, int]] = {}

    def finalize(records: list[Record]) -> tuple[dict[str, Any], list[Record]]:
        classes = sort_classes({record["class"] for record in records}, class_order)
        made_protocol, assigned_records, split_notes = assign(sorted(records, key=lambda record: record["id"]))
        protocol.update(made_protocol)
        notes.extend(split_notes)
        missing_classes = sorted(set(expected_classes) - set(classes))
        if missing_classes:
            names = shorten(f"'{name}'" for name in missing_classes)
            notes.append(f"classes left out because none of their clips can be used: {names}")
        notes.extend(notes_on_classes(classes))
        class_counts.update(count_classes(assigned_records, classes, made_protocol["name"]))
        labels = {name: label for label, name in enumerate(classes)}
        labelled_records = [{**record, "label": labels[record["class"]]} for record in assigned_records]
        return {"classes": classes, "protocol": made_protocol}, labelled_records

    metainfo = {"dataset": dataset, "classes": []}
    report = write_dataset(out, recordings, metainfo=metainfo, skeletons=skeletons, dropped=dropped, finalize=finalize)
    report["dropped"] = sorted(
        [*report["dropped"], *(late_dropped or [])], key=lambda entry: (entry["id"], entry["reason"])
    )
    all_notes = [*notes, *(late_notes or []), *report.get("notes", [])]
    return {**report, "protocol": protocol, "classes": class_counts, "notes": all_notes}


def count_classes(records: Iterable[Record], classes: Iterable[str], protocol: str) -> dict[str, dict[str, int]]:
    """Return ``{class: {split: number of records}}`` under a protocol, in the order of the classes."""
    counts = Counter((record["class"], record["official"].get(protocol)) for record in records)
    return {name: {split: counts[name, split] for split in SPLITS} for name in classes}
