"""Reader of the arrays that ST-GCN and 2s-AGCN train on: ``*_data.npy`` ``[N, C, T, V, M]`` and ``*_label.pkl``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.mapped_file import MappedFile
from triad.modalities.safe_pickle import CURE, read_pickle
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.file_bytes import read_bytes
from triad.modalities.skeleton.readers.npy import read_header
from triad.modalities.skeleton.readers.padded_clips import clip_from_padded
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

SPLITS = ("train", "val", "test")
DATA_NAMES = ("data_joint", "data")
LAYOUT_BY_COUNT = {25: "ntu25", 18: "openpose18", 20: "kinect20", 17: "coco17", 16: "minihome16"}
MAX_LABELS = 100_000_000
"""Bytes of a label file."""


def split_files(path: Path) -> dict[str, tuple[Path, Path]]:
    """Return ``{split: (data file, label file)}`` of the files that belong together with one of them."""
    stem = path.name.removesuffix(".npy")
    split = next((name for name in SPLITS if stem.startswith(f"{name}_")), None)
    if split is None or stem.removeprefix(f"{split}_") not in DATA_NAMES:
        return {}
    kind = stem.removeprefix(f"{split}_")
    files = {name: (path.with_name(f"{name}_{kind}.npy"), path.with_name(f"{name}_label.pkl")) for name in SPLITS}
    return {name: pair for name, pair in files.items() if pair[0].is_file() and pair[1].is_file()}


def open_stgcn(path: str | Path, options: ReadOptions | None = None) -> SkeletonCollection:
    """Open ``train_data.npy`` and what lies beside it (``val_data.npy``, ``test_data.npy``) with their label pickles.

    Yan et al. 2018, ST-GCN; Shi et al. 2019, 2s-AGCN. ``C`` is x, y, z of 25 Kinect joints, or x, y, score of 18
    OpenPose joints, x and y about the centre of 340×256 frames. A label pickle holds names and labels. Frames of zeros
    at the end and persons of zeros are padding. Arrays stay on disk until a clip is read.

    Args:
        path: path of one of the ``.npy`` files.
        options: layout and size that the user names; without a layout, the number of joints tells it.

    Raises:
        InputError: If an array or a pickle is damaged or of another kind, or their lengths differ.
    """
    path = Path(path)
    options = options or ReadOptions()
    files = split_files(path)
    if not files:
        label = path.with_name(f"{path.name.removesuffix('.npy').partition('_data')[0]}_label.pkl")
        got = f"no '{label.name}'" if path.name.partition("_data")[1] else f"'{path.name}'"
        fail(f"'{path}'", "be {train,val,test}_data.npy beside *_label.pkl", got, "put both into one folder")
    arrays: list[np.ndarray] = []
    ids: list[str] = []
    labels: list[int | None] = []
    splits: dict[str, list[str]] = {}
    mapped_files: list[MappedFile] = []
    for split, (data_path, label_path) in files.items():
        mapped_files.append(MappedFile(data_path, cure=CURE))
        array = _map_array(data_path)
        names, numbers = read_labels(label_path)
        if len(names) != len(array):
            fail(f"'{label_path}'", f"name {len(array)} clips as '{data_path.name}' has", len(names), CURE)
        arrays.append(array)
        splits[split] = names
        ids += names
        labels += numbers
    shapes = {(array.shape[1], array.shape[3]) for array in arrays}
    if len(shapes) != 1:
        fail(f"arrays of '{path.parent}'", "have the same joints", sorted(shapes), CURE)
    channels, num_joints = shapes.pop()
    flat = channels == 2 or num_joints == 18
    layout = LayoutChoice(path, LAYOUT_BY_COUNT).choose(num_joints, 2 if flat else 3, options)
    starts = np.cumsum([0, *(len(array) for array in arrays)])

    def read(number: int) -> SkeletonRecording:
        file_number = int(np.searchsorted(starts, number, side="right")) - 1
        mapped_files[file_number].check()
        points = np.array(arrays[file_number][number - starts[file_number]], np.float32).transpose(
            3, 1, 2, 0
        )  # -> [M, T, V, C]
        return clip_from_padded(f"{files[list(files)[file_number]][0]}: clip {ids[number][:100]}", points, layout)

    return SkeletonCollection(path, layout.name, ids, labels, splits, read)


def _map_array(path: Path) -> np.ndarray:
    """Return the array of a file, mapped into memory."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            shape, fortran_order, dtype = read_header(file, size, f"'{path}'")
            offset = file.tell()
    except OSError as error:
        fail(f"'{path}'", "be readable", str(error))
    if len(shape) != 5 or 0 in shape or shape[1] not in (2, 3):
        fail(f"'{path}'", "have shape [N, 2 or 3, T, V, M]", list(shape), CURE)
    order: Any = "F" if fortran_order else "C"
    return np.memmap(path, dtype, "r", offset, shape, order)


def read_labels(path: Path) -> tuple[list[str], list[int | None]]:
    """Return the names and labels of a label pickle: two lists, or names, labels and more.

    Raises:
        InputError: If the pickle is damaged, or holds something else.
    """
    if path.stat().st_size > MAX_LABELS:
        fail(f"'{path}'", f"have at most {MAX_LABELS} bytes", path.stat().st_size, CURE)
    document = read_pickle(path, read_bytes(path))
    if not isinstance(document, (list, tuple)) or len(document) < 2:
        fail(f"'{path}'", "hold names and labels", type(document).__name__, CURE)
    names, labels = document[:2]
    labels = labels.tolist() if isinstance(labels, np.ndarray) and labels.ndim == 1 else labels
    if not all(isinstance(values, (list, tuple)) for values in (names, labels)) or len(names) != len(labels):
        fail(f"'{path}'", "hold as many names as labels", f"{type(names).__name__} and {type(labels).__name__}", CURE)
    for name, label in zip(names, labels, strict=True):
        if not isinstance(name, str) or not name or not name.isprintable():
            fail(f"'{path}'", "name its clips", f"{printable(name, 40)}", CURE)
        if not isinstance(label, (int, np.integer)) or not 0 <= label < 2**31:
            fail(f"'{path}': label of '{name[:60]}'", "be the number of a class", printable(label, 40), CURE)
    return list(names), [int(label) for label in labels]
