"""Preparation of a file that holds a whole dataset of skeletons; its splits become protocols."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from fusion.datasets.custom.class_list import notes_on_classes, sort_classes
from fusion.datasets.custom.named_splits import assign_named_splits
from fusion.datasets.custom.skeleton_settings import SkeletonSettings, without_video
from fusion.datasets.custom.writer import count_classes, safe_ids
from fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec, write_dataset
from fusion.index import Record
from modalities.checks import InputError, fail
from modalities.skeleton.readers import ReadOptions, SkeletonCollection, find_format, open_collection


def find_collection(source: Path, options: ReadOptions) -> SkeletonCollection | None:
    """Return the file of many clips that is the source, or that alone lies in it; None for other folders."""
    if not source.is_dir():
        return open_collection(source, options)
    files = sorted(path for path in source.iterdir() if path.suffix in (".npy", ".npz", ".pkl") and path.is_file())
    collections = [path for path in files if not path.name.endswith("_label.pkl") and _is_collection(path)]
    formats = {find_format(path).name for path in collections}
    if len(collections) > 1 and formats != {"stgcn"}:
        fail(
            "source",
            "be one dataset",
            f"{len(collections)}: {', '.join(path.name for path in collections[:3])}",
            "name one",
        )
    return open_collection(collections[0], options) if collections else None


def _is_collection(path: Path) -> bool:
    try:
        return find_format(path).open is not None
    except InputError:
        return False


def prepare_collection(
    collection: SkeletonCollection,
    out: Path,
    settings: SkeletonSettings,
    class_names: dict[int, str],
    dtype: str,
    progress: Progress[Any],
) -> dict[str, Any]:
    """Write the packed skeletons and the index of a file of many clips.

    Args:
        collection: the file.
        out: output folder.
        settings: what the user says about the clips.
        class_names: names of the classes by their numbers, where the user gave some.
        dtype: number format of the packed skeletons.
        progress: wrapper of the list of clips that shows the progress.

    Returns:
        the report of ``write_dataset``, with ``protocol``, ``classes`` and ``notes``.
    """
    names = dict(enumerate(collection.classes)) | class_names
    dropped: list[Dropped] = []
    row_of: dict[str, int] = {}
    for number, (name, label) in enumerate(zip(collection.ids, collection.labels, strict=True)):
        if label is None:
            dropped.append({"id": name, "reason": "label must be given, got none"})
        elif row_of.setdefault(name, number) != number:
            dropped.append({"id": name, "reason": f"clip {number} has the name of clip {row_of[name]}"})
    rows = {name: number for name, number in row_of.items() if collection.labels[number] is not None}
    ids = safe_ids(list(rows), list(rows))
    class_of = {}
    for name, number in rows.items():
        label = collection.labels[number]
        class_of[name] = str(label) if label is None else names.get(label, str(label))
    order = [names[number] for number in sorted(names)]

    def recordings() -> Iterator[Recording]:
        for record_id, (name, number) in progress(list(zip(ids, rows.items(), strict=True))):
            record: Record = {"id": record_id, "path": name, "class": class_of[name]}
            read = partial(settings.read, collection.path, partial(collection.read, number))
            yield Recording(record_id, (record,), skeleton_file=without_video(read))

    made: dict[str, Any] = {}

    def finalize(records: list[Record]) -> tuple[dict[str, Any], list[Record]]:
        classes = sort_classes({record["class"] for record in records}, order)
        protocol, assigned, notes = assign_named_splits(records, collection.splits)
        counts = count_classes(assigned, classes, protocol["name"])
        made.update(protocol=protocol, notes=[*notes, *notes_on_classes(classes)], classes=counts)
        labels = {name: label for label, name in enumerate(classes)}
        return {"classes": classes, "protocol": protocol}, [{**row, "label": labels[row["class"]]} for row in assigned]

    report = write_dataset(
        out,
        recordings(),
        metainfo={"dataset": "skeletons", "classes": []},
        skeletons=SkeletonSpec(collection.layout, None, dtype=dtype),
        dropped=dropped,
        finalize=finalize,
    )
    return {**report, **made, "notes": [*made["notes"], *report.get("notes", [])]}
