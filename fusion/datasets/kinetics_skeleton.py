"""Kinetics-skeleton: Yan et al. 2018, Spatial Temporal Graph Convolutional Networks, who ran OpenPose on Kinetics-400.

On disk: ``kinetics_{train,val}_label.json`` (``{id: {"has_skeleton", "label", "label_index"}}``) and a file a video,
``kinetics_{train,val}/<id>.json``. Videos of which ``has_skeleton`` is false are left out, as everybody does. The
official val is the test here. Poses are in pixels of 340×256, to which the authors brought all videos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from fusion.datasets.max_persons import MOST_PERSONS
from fusion.datasets.prefetch import read_ahead
from fusion.datasets.writer import Dropped, Recording, Skeletons, build
from modalities.atomic_files import read_json
from modalities.checks import fail
from modalities.skeleton.readers.kinetics import SIZE, read_kinetics

PARTS = {"train": "train", "val": "test"}
FPS = 30.0  # of all videos as the authors converted them
CURE = "give the folder that holds kinetics_{train,val}/ and kinetics_{train,val}_label.json"


class Labelled(NamedTuple):
    """A row of a label file.

    Attributes:
        path: of the file with the poses.
        split: ``train`` or ``test``.
        label, name: index and name of the class.
        has_skeleton: whether somebody was found.
    """

    path: Path
    split: str
    label: int
    name: str
    has_skeleton: bool


Progress = Callable[[list[Labelled]], Iterable[Labelled]]
"""Shows how far it is, given the videos that are to be read."""


def read_labels(source: Path) -> list[Labelled]:
    """The rows of both label files, train first, in the order of their ids.

    Raises:
        InputError: if a file is missing or a row is not as published.
    """
    rows = []
    for part, split in PARTS.items():
        path = source / f"kinetics_{part}_label.json"
        table = read_json(path, cure=CURE)
        if not isinstance(table, Mapping):
            fail(f"'{path}'", "be {id: {has_skeleton, label, label_index}}", type(table).__name__, CURE)
        for name, row in sorted(table.items()):
            kinds = {"has_skeleton": bool, "label": str, "label_index": int}
            if not isinstance(row, Mapping) or any(type(row.get(key)) is not kind for key, kind in kinds.items()):
                fail(f"'{name}' in '{path}'", "have has_skeleton, label and label_index", row, CURE)
            file = source / f"kinetics_{part}" / f"{name}.json"
            rows.append(Labelled(file, split, row["label_index"], row["label"], row["has_skeleton"]))
    return rows


def classes_of(rows: Iterable[Labelled]) -> list[str]:
    """The names of the classes by their indices.

    Raises:
        InputError: if an index has no name, or several.
    """
    names: dict[int, set[str]] = {}
    for row in rows:
        names.setdefault(row.label, set()).add(row.name)
    for label in range(max(names, default=-1) + 1):
        if len(names.get(label, ())) != 1:
            fail(f"class {label} in the label files", "have one name", sorted(names.get(label, ())), CURE)
    return [names[label].pop() for label in sorted(names)]


def prepare_kinetics_skeleton(
    source: Path, out: Path, *, dtype: str = "float32", progress: Progress = iter
) -> dict[str, Any]:
    """Write the packed skeletons and the index.

    Returns:
        the number of ``records``, and ``dropped``: ``[{"id", "reason"}]``.

    Raises:
        InputError: if the folder is not Kinetics-skeleton's.
    """
    rows = read_labels(source)
    dropped: list[Dropped] = [
        {"id": row.path.stem, "reason": "skeleton: nobody was found (has_skeleton is false)"}
        for row in rows
        if not row.has_skeleton
    ]
    labelled = {row.path for row in rows}
    files = [path for part in PARTS for path in sorted((source / f"kinetics_{part}").glob("*.json"))]
    dropped += [
        {"id": path.stem, "reason": f"skeleton: '{path}' is not in its label file"}
        for path in files
        if path not in labelled
    ]

    def recordings() -> Iterator[Recording]:
        seen = [row for row in rows if row.has_skeleton]
        read = partial(read_kinetics, most=MOST_PERSONS["kinetics_skeleton"])
        ahead = read_ahead((row.path for row in seen), read)  # parsing takes long
        for row, (path, skeleton) in zip(progress(seen), ahead, strict=True):
            record = {"id": path.stem, "label": row.label, "source_video": path.stem, "official": {"split1": row.split}}
            yield Recording(path.stem, (record,), skeleton=skeleton)

    return build(
        out,
        recordings(),
        metainfo={
            "dataset": "kinetics_skeleton",
            "classes": classes_of(rows),
            "source": "Yan et al. 2018, Spatial Temporal Graph Convolutional Networks; Kay et al. 2017, Kinetics",
        },
        skeletons=Skeletons(layout="openpose18", fps=FPS, size=SIZE, dtype=dtype),
        dropped=dropped,
    )
