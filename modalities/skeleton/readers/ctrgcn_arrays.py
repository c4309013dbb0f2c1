"""Reader of the ``.npz`` that CTR-GCN and its successors train on: ``x_train``, ``y_train``, ``x_test``, ``y_test``."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from triad.modalities.archive_size import check_compressed_sizes
from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import InputError, check_file, fail, printable
from triad.modalities.mapped_file import MappedFile
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.readers.collection import SkeletonCollection
from triad.modalities.skeleton.readers.npy import read_header
from triad.modalities.skeleton.readers.padded_clips import clip_from_padded
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

SPLITS = ("train", "test")
MAX_ENTRIES = 1000
MAX_BYTES = 64 << 30
MAX_RATIO = 10
"""Largest ratio of an array, above :data:`ALLOWED`, to its compressed bytes; bombs compress a thousandfold."""
ALLOWED = 32 << 20
"""Bytes that any array may take."""
LAYOUT_BY_COUNT = {25: "ntu25", 20: "kinect20", 17: "coco17"}


def open_ctrgcn(path: str | Path, options: ReadOptions | None = None) -> SkeletonCollection:
    """Open the samples ``x_train`` ``[N, T, M · V · 3]`` with their one-hot (or integer) classes ``y_train``.

    Chen et al. 2021, Channel-wise Topology Refinement Graph Convolution. Samples are of two persons of 25 Kinect
    joints; those of one person have zeros for the second. They have no names and are called ``train_0`` … . Frames of
    zeros at the end are padding. Arrays that are not compressed stay on disk until a clip is read.

    Args:
        path: path of the file.
        options: layout that the user names, where it is not one of Kinect.

    Raises:
        InputError: If the file is damaged, or its arrays are of another kind.
    """
    path = check_file("skeleton file", path, "check the path, or download it again")
    options = options or ReadOptions()
    mapped_file = MappedFile(path, cure=CURE)
    entries = _entries(path)
    samples: dict[str, np.ndarray] = {}
    ids: list[str] = []
    labels: list[int | None] = []
    splits: dict[str, list[str]] = {}
    for split in SPLITS:
        if f"x_{split}" not in entries:
            continue
        array = _load(path, entries[f"x_{split}"])
        numbers = _classes(
            path, split, _load(path, entries[f"y_{split}"]) if f"y_{split}" in entries else None, len(array)
        )
        if array.ndim != 3 or 0 in array.shape:
            fail(f"'{path}': x_{split}", "have shape [N, T, persons × joints × 3]", list(array.shape), CURE)
        samples[split] = array
        splits[split] = [f"{split}_{number}" for number in range(len(array))]
        ids += splits[split]
        labels += numbers
    if not samples:
        fail(f"'{path}'", "hold x_train and y_train", ", ".join(list(entries)[:5]) or "nothing", CURE)
    widths = {array.shape[2] for array in samples.values()}
    width = widths.pop()
    if widths:
        fail(f"'{path}'", "hold samples of one width", f"{width} and {widths.pop()}", CURE)
    num_joints, persons = _joints_of(path, width, options)
    layout = LayoutChoice(path, LAYOUT_BY_COUNT).choose(num_joints, 3, options)
    first_test = len(samples["train"]) if "train" in samples else 0

    def read(number: int) -> SkeletonRecording:
        split = "train" if number < first_test else "test"
        mapped_file.check()
        row = np.array(samples[split][number if split == "train" else number - first_test], np.float32)
        points = row.reshape(len(row), persons, num_joints, 3).swapaxes(0, 1)  # [T, M, V, C] -> [M, T, V, C]
        return clip_from_padded(f"{path}: {ids[number]}", points, layout)

    return SkeletonCollection(path, layout.name, ids, labels, splits, read)


def write_ctrgcn(
    path: Path, clips: dict[str, list[tuple[np.ndarray, int]]], *, num_classes: int, num_frames: int
) -> None:
    """Write samples as CTR-GCN reads them: one-hot classes, two persons, padded with zeros.

    Args:
        path: path of the file, ending with ``.npz``.
        clips: coordinates and class of every sample of ``train`` and ``test``.
        num_classes: number of classes.
        num_frames: number of frames to pad to, at least the longest clip's.

    Shapes: clips ``[M, T, V, 3]``; persons after the second are left out.
    """
    arrays: dict[str, Any] = {}
    for split, rows in clips.items():
        joints = rows[0][0].shape[2] if rows else 25
        x = np.zeros((len(rows), num_frames, 2, joints, 3), np.float32)
        y = np.zeros((len(rows), num_classes), np.float32)
        for number, (points, label) in enumerate(rows):
            x[number, : points.shape[1], : min(len(points), 2)] = points[:2].swapaxes(0, 1)
            y[number, label] = 1
        arrays[f"x_{split}"] = x.reshape(len(rows), num_frames, -1)
        arrays[f"y_{split}"] = y
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)


def _entries(path: Path) -> dict[str, ZipInfo]:
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                fail(f"'{path}'", f"be an .npz of at most {MAX_ENTRIES} arrays", len(entries), CURE)
            check_compressed_sizes(path, entries, CURE)
            return {info.filename.removesuffix(".npy"): info for info in entries}
    except InputError:
        raise
    except Exception as error:  # zipfile raises half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {printable(error)}", CURE)


def _load(path: Path, info: ZipInfo) -> np.ndarray:
    """Return an array, mapped into memory where it is not compressed."""
    subject = f"'{path}': {printable(info.filename, 40)}"
    if info.file_size > MAX_BYTES or info.file_size > MAX_RATIO * info.compress_size + ALLOWED:
        fail(subject, f"take at most {MAX_RATIO} times its bytes in the file", info.file_size, "save it with np.savez")
    try:
        with ZipFile(path) as archive, archive.open(info) as file:
            shape, fortran_order, dtype = read_header(file, info.file_size, subject)  # type: ignore[arg-type]
            start = file.tell()
            if info.compress_type == ZIP_STORED:
                offset = _content_offset(path, info) + start
                if offset + prod(shape) * dtype.itemsize > path.stat().st_size:
                    fail(subject, "lie within the file", "its end", CURE)
                if 0 in shape:
                    return np.zeros(shape, dtype)
                return np.memmap(path, dtype, "r", offset, shape, "F" if fortran_order else "C")
            content = file.read()
        return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran_order else "C")
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds for a damaged file
        fail(subject, "be a readable array", f"{type(error).__name__}: {printable(error)}", CURE)


def _content_offset(path: Path, info: ZipInfo) -> int:
    """Return the offset of an entry's bytes in the file: behind its local header, name and extra field."""
    with path.open("rb") as file:
        file.seek(info.header_offset + 26)
        sizes = file.read(4)
    return info.header_offset + 30 + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")


def _classes(path: Path, split: str, array: np.ndarray | None, count: int) -> list[int | None]:
    if array is None:
        return [None] * count
    if array.ndim not in (1, 2) or len(array) != count or 0 in array.shape:
        fail(f"'{path}': y_{split}", f"have shape [{count}] or [{count}, classes]", list(array.shape), CURE)
    if array.ndim == 2:
        classes = (array > 0).sum(1)
        if (classes != 1).any():
            sample = int(np.flatnonzero(classes != 1)[0])
            fail(f"'{path}': y_{split}", "have one class a sample", f"{classes[sample]} of sample {sample}", CURE)
    numbers = array.argmax(1) if array.ndim == 2 else array
    whole = np.asarray(numbers, np.float64)
    if not (np.isfinite(whole).all() and (whole >= 0).all() and (whole < 2**31).all() and (whole % 1 == 0).all()):
        fail(f"'{path}': y_{split}", "hold numbers of classes", "others", CURE)
    return [int(number) for number in whole]


def _joints_of(path: Path, width: int, options: ReadOptions) -> tuple[int, int]:
    """Return the numbers of joints and of persons of a sample of so many numbers a frame."""
    counts = [get_layout(options.layout).num_joints] if options.layout is not None else [*LAYOUT_BY_COUNT]
    for count in counts:
        for persons in (2, 1):
            if width == 3 * count * persons:
                return count, persons
    fail(
        f"'{path}'", f"hold 1 or 2 persons of {' or '.join(map(str, counts))} joints a frame", f"{width} numbers", CURE
    )
