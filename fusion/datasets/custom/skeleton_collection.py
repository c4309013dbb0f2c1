"""Preparation of a file that holds a whole dataset of skeletons; its splits become protocols."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from triad.fusion.datasets.custom.named_splits import assign_named_splits
from triad.fusion.datasets.custom.skeleton_settings import SkeletonSettings, without_video
from triad.fusion.datasets.custom.writer import safe_ids, write_custom_dataset
from triad.fusion.datasets.writer import Dropped, Progress, Recording, SkeletonSpec
from triad.fusion.index import Record
from triad.modalities.checks import InputError, fail
from triad.modalities.skeleton.readers import ReadOptions, SkeletonCollection, find_format, open_collection


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
        the report of :func:`~triad.fusion.datasets.custom.writer.write_custom_dataset`.
    """
    names = dict(enumerate(collection.classes)) | class_names
    dropped: list[Dropped] = []
    numbers: dict[str, int] = {}  # of the clips in the file
    records: dict[str, Record] = {}
    for number, (name, label) in enumerate(zip(collection.ids, collection.labels, strict=True)):
        if label is None:
            dropped.append({"id": name, "reason": "label must be given, got none"})
        elif numbers.setdefault(name, number) != number:
            dropped.append({"id": name, "reason": f"clip {number} has the name of clip {numbers[name]}"})
        else:
            records[name] = {"path": name, "class": names.get(label, str(label))}
    for name, record_id in zip(records, safe_ids(list(records), list(records)), strict=True):
        records[name]["id"] = record_id

    def recordings() -> Iterator[Recording]:
        for name in progress(list(records)):
            read = partial(settings.read, collection.path, partial(collection.read, numbers[name]))
            yield Recording(records[name]["id"], (records[name],), skeleton_file=without_video(read))

    return write_custom_dataset(
        "skeletons",
        out,
        recordings(),
        expected_classes={record["class"] for record in records.values()},
        dropped=dropped,
        skeletons=SkeletonSpec(collection.layout, None, dtype=dtype),
        class_order=[names[number] for number in sorted(names)],
        assign=partial(assign_named_splits, splits=collection.splits),
    )
