"""Export of skeletons and splits as the annotation pickle that pyskl and mmaction2 train on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from triad.fusion.datasets import SPLITS, protocols_of
from triad.fusion.index import Record, load_index, single_label
from triad.modalities.checks import fail
from triad.modalities.clips import Source
from triad.modalities.skeleton import PoseLoader, get_layout
from triad.modalities.skeleton.readers import Annotation, write_annotations

STREAM = "skeleton"


def export_annotations(
    root: Path, path: Path, *, progress: Callable[[Sequence[Record]], Iterable[Record]] = iter
) -> dict[str, Any]:
    """Write the records that have a skeleton, and ``<protocol>_<split>`` for each split with such records.

    The names of the classes are written too. A record that is a segment of a recording gets the poses of its segment.
    Ids and labels are those of the index.

    Args:
        root: folder of the dataset.
        path: path of the pickle, ending with ``.pkl``.
        progress: wrapper of the records that shows the progress.

    Returns:
        ``dataset``; ``layout``; ``clips``, the number of records written; ``without``, that of records without a
        skeleton; and ``splits``, ``{split: number of records}``.

    Raises:
        InputError: If the dataset has no skeletons, or a segment has no poses.
        StorageError: If the disk is full or the folder is not writable.
    """
    index = load_index(root)
    if path.suffix != ".pkl":
        fail("file to export to", "end with .pkl", f"'{path}'")
    records = [record for record in index.records if STREAM in record["sources"]]
    if not records:
        fail(f"dataset in '{root}'", f"have the stream '{STREAM}'", f"only {', '.join(index.metainfo['streams'])}")
    layout = index.metainfo["streams"][STREAM]["layout"]
    loader = PoseLoader(get_layout(layout))

    def annotations() -> Iterator[Annotation]:
        for record in progress(records):
            source = Source.from_record(record["sources"][STREAM], index.root)
            poses = loader.load(source, entries_of_record(record, source))
            label = single_label(record, "annotation pickles hold one class a clip")
            yield Annotation(record["id"], label, poses, source.size_hw, source.fps)

    splits: dict[str, list[str]] = {}
    for name, protocol in protocols_of(index.records, index.dataset).items():
        for record in records:
            if (split := protocol(record)) in SPLITS:
                splits.setdefault(f"{name}_{split}", []).append(record["id"])
    write_annotations(path, annotations(), splits=splits, classes=index.classes)
    return {
        "dataset": index.dataset,
        "layout": layout,
        "clips": len(records),
        "without": len(index.records) - len(records),
        "splits": {name: len(ids) for name, ids in splits.items()},
    }


def entries_of_record(record: Record, source: Source) -> np.ndarray:
    """Return the indices of the poses from the start to the end of a record, int ``[T]``.

    Raises:
        InputError: If there are none.
    """
    times = source.entry_times + 1e-6  # seconds; rounding must not cost a pose
    entries = np.flatnonzero((times >= record.get("start", 0.0)) & (times < record.get("end", np.inf)))
    if not len(entries):
        got = f"none from {record.get('start')} to {record.get('end')} s"
        fail(f"record '{record['id']}'", "have poses between its start and end", got)
    return entries
