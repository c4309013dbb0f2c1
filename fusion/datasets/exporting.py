"""A prepared dataset's skeletons and splits as the annotation pickle that pyskl and mmaction2 train on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fusion.datasets.protocols import PROTOCOLS, SPLITS
from fusion.index.index import Record, load_index
from modalities.checks import fail
from modalities.skeleton.layouts import get_layout
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.poses import Poses
from modalities.skeleton.reader import read_skeleton
from modalities.skeleton.readers import Annotation, write_annotations
from modalities.source import Source

STREAM = "skeleton"


def export_annotations(
    root: Path, path: Path, *, progress: Callable[[Sequence[Record]], Iterable[Record]] = iter
) -> dict[str, Any]:
    """Write the clips that have a skeleton, and a split ``<protocol>_<split>`` for each that has some of them.

    A record that is a part of its recording gets the poses of its part. Ids and labels are those of the index.

    Args:
        root: folder of the dataset.
        path: file, ending with ``.pkl``.
        progress: shows how far it is, given the records.

    Returns:
        ``dataset``, ``layout``, the number of ``clips``, how many records were ``without`` skeleton, and the size of
        each of the ``splits``.

    Raises:
        InputError: if the dataset has no skeletons, or a part that is annotated holds none.
        StorageError: when the disk is full or the folder cannot be written.
    """
    index = load_index(root)
    if path.suffix != ".pkl":
        fail("file to export to", "end with .pkl", f"'{path}'")
    records = [record for record in index.records if STREAM in record["sources"]]
    if not records:
        fail(f"dataset in '{root}'", f"have the stream '{STREAM}'", f"only {', '.join(index.metainfo['streams'])}")
    layout = index.metainfo["streams"][STREAM]["layout"]
    stores: dict[Path, PoseStore] = {}

    def clips() -> Iterator[Annotation]:
        for record in progress(records):
            source = Source.from_record(record["sources"][STREAM], index.root)
            poses = _read(source, _part(record, source), layout, stores)
            yield Annotation(record["id"], record["label"], poses, source.size_hw)

    splits: dict[str, list[str]] = {}
    for name, protocol in PROTOCOLS.get(index.dataset, {}).items():
        for record in records:
            if (split := protocol(record)) in SPLITS:
                splits.setdefault(f"{name}_{split}", []).append(record["id"])
    write_annotations(path, clips(), splits=splits)
    sizes = {name: len(ids) for name, ids in splits.items()}
    without = len(index.records) - len(records)
    return {"dataset": index.dataset, "layout": layout, "clips": len(records), "without": without, "splits": sizes}


def _part(record: Record, source: Source) -> np.ndarray:
    """The poses on display from the start to the end of a record, int ``[T]``.

    Raises:
        InputError: if there are none.
    """
    times = source.entry_times + 1e-6  # seconds; rounding must not cost a pose
    shown = np.flatnonzero((times >= record.get("start", 0.0)) & (times < record.get("end", np.inf)))
    if not len(shown):
        got = f"none from {record.get('start')} to {record.get('end')} s"
        fail(f"record '{record['id']}'", "have poses between its start and end", got)
    return shown


def _read(source: Source, shown: np.ndarray, layout: str, stores: dict[Path, PoseStore]) -> Poses:
    if source.clip is None:
        known = get_layout(layout)
        arrays = read_skeleton(source.path, dims=known.dims, joints=known.num_joints, num=source.num)
        return Poses(layout=layout, **{name: array[:, shown] for name, array in arrays.items()})
    if source.path not in stores:
        stores[source.path] = PoseStore(source.path)
    return stores[source.path].read(source.clip, shown)
