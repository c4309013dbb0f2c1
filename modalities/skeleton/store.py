"""The skeletons of a whole dataset in one memory-mapped file, read by many workers without copies."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from modalities.checks import InputError, check_choice, check_file, check_shape, fail
from modalities.file_lock import file_lock
from modalities.skeleton.layouts import LAYOUTS, Layout, get_layout
from modalities.skeleton.poses import Poses
from modalities.store import atomic, sweep

SUFFIX = ".safetensors"
CURE = "prepare the dataset again"
DTYPES = {"float16": torch.float16, "float32": torch.float32}
TABLES = {"first": "int64", "persons": "uint16", "num": "int32", "ids": "uint8"}
FORMAT = "triad-poses-1"
PARTS, LOCK = ".poses.", ".lock"


class PoseStore:
    """A packed file of :class:`Poses`, opened without reading it: pages come from disk when a clip is read.

    The file is safetensors: ``keypoints`` ``[R, V, C]``, ``scores`` ``[R, V]`` and, where known, ``pixels``
    ``[R, V, 2]``, where a clip's ``M · T`` rows follow each other; ``first`` row, ``persons`` and ``num`` of each clip
    ``[N]``; ``ids``, UTF-8 lines. Metadata is ``{format: layout}``.

    Raises:
        InputError: if the file is missing, damaged, or no store.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_file("skeleton store", path, CURE)
        try:
            with safe_open(self.path, "pt") as file:
                metadata = file.metadata() or {}
                arrays = {name: file.get_tensor(name).numpy() for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, TypeError, ValueError) as error:
            fail(f"skeleton store '{path}'", "be a readable .safetensors", f"{type(error).__name__}: {error}", CURE)
        if FORMAT not in metadata:
            fail(f"skeleton store '{path}'", f"be of format {FORMAT}", sorted(metadata), CURE)
        check_choice(f"layout of skeleton store '{path}'", metadata[FORMAT], LAYOUTS)
        self.layout = get_layout(metadata[FORMAT])
        self._check(arrays)
        self._first, self._persons, self._num = arrays["first"], arrays["persons"], arrays["num"]
        self._ids = arrays["ids"]
        self._values = {name: arrays[name] for name in ("keypoints", "scores", "pixels") if name in arrays}

    def _check(self, arrays: dict[str, np.ndarray]) -> None:
        missing = {"keypoints", "scores", *TABLES} - set(arrays)
        if missing:
            fail(f"skeleton store '{self.path}'", "be complete", f"no {', '.join(sorted(missing))}", CURE)
        for name, array in arrays.items():
            if array.dtype.name not in ([TABLES[name]] if name in TABLES else DTYPES):
                wanted = TABLES.get(name) or " or ".join(DTYPES)
                fail(f"{name} of skeleton store '{self.path}'", f"be {wanted}", array.dtype, CURE)
        joints, dims = self.layout.num_joints, self.layout.dims
        try:
            rows = check_shape("keypoints", arrays["keypoints"], ["R", joints, dims])["R"]
            check_shape("scores", arrays["scores"], ["R", joints], R=rows)
            if "pixels" in arrays:
                check_shape("pixels", arrays["pixels"], ["R", joints, 2], R=rows)
            clips = len(arrays["first"])
            check_shape("persons", arrays["persons"], ["N"], N=clips)
            check_shape("num", arrays["num"], ["N"], N=clips)
        except InputError as error:
            raise InputError(f"skeleton store '{self.path}': {error}; {CURE}") from None
        sizes = arrays["persons"].astype(np.int64) * arrays["num"]
        if np.any(sizes < 1) or not np.array_equal(arrays["first"], np.cumsum(sizes) - sizes) or sizes.sum() != rows:
            fail(f"skeleton store '{self.path}'", "hold its clips one after the other", "gaps or overlaps", CURE)
        if (named := np.count_nonzero(arrays["ids"] == ord("\n")) + 1) != clips:
            fail(f"skeleton store '{self.path}'", "have an id a clip", f"{named} for {clips}", CURE)

    def __len__(self) -> int:
        return len(self._first)

    @property
    def ids(self) -> list[str]:
        """The clips' ids in their order; made from the file at each call."""
        try:
            return self._ids.tobytes().decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            fail(f"ids of skeleton store '{self.path}'", "be UTF-8", str(error), CURE)

    def num(self, clip: int) -> int:
        """Number of times of a clip."""
        return int(self._num[clip])

    def read(self, clip: int, shown: np.ndarray | slice = slice(None)) -> Poses:
        """The poses of a clip at the times ``shown``, int ``[T]``.

        Raises:
            InputError: naming file and clip, if a value is NaN or infinite.
        """
        try:
            return Poses(layout=self.layout.name, **self.arrays(clip, shown))
        except InputError as error:
            raise InputError(f"clip '{self.ids[clip]}' of skeleton store '{self.path}': {error}; {CURE}") from None

    def arrays(self, clip: int, shown: np.ndarray | slice = slice(None)) -> dict[str, np.ndarray]:
        """What :meth:`read` gives, as new float32 arrays that nobody has looked at; only these pages leave the disk.

        Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, and ``pixels`` ``[M, T, V, 2]`` if stored.
        """
        first, persons, num = self._first.item(clip), self._persons.item(clip), self._num.item(clip)
        times = np.arange(num)[shown] if isinstance(shown, slice) else shown
        return {
            name: _widened(array[first : first + persons * num].reshape(persons, num, *array.shape[1:]).take(times, 1))
            for name, array in self._values.items()
        }


def _widened(array: np.ndarray) -> np.ndarray:
    """As float32; torch converts half precision six times as fast as numpy."""
    return torch.from_numpy(array).float().numpy()


class _Writer:
    """Collects clips in plain temporary files, so that memory does not grow with the dataset."""

    def __init__(self, folder: Path, layout: Layout, dtype: str) -> None:
        self.layout, self.dtype = layout, np.dtype(dtype)
        self.ids: list[str] = []
        self.persons: list[int] = []
        self.num: list[int] = []
        self.names: list[str] = []
        self._taken: set[str] = set()
        self._folder = folder

    def add(self, clip: str, poses: Poses) -> int:
        """Append a clip; its number in the store is what ``Source.clip`` names.

        A clip that is refused leaves nothing in the store.

        Raises:
            InputError: if the layout is another, the id is taken or has a line break, a value does not fit the dtype,
                or only some clips have pixels.
        """
        if poses.layout != self.layout.name:
            fail(f"layout of clip '{clip}'", f"be '{self.layout.name}' as the store's", f"'{poses.layout}'")
        if not clip or len(clip.splitlines()) != 1:
            fail("id of a clip", "be one line", repr(clip))
        if clip in self._taken:
            fail("id of a clip", "not be taken", repr(clip))
        names = ["keypoints", "scores"] + (["pixels"] if poses.pixels is not None else [])
        if self.names and names != self.names:
            fail(f"clip '{clip}'", f"have {', '.join(self.names)} as the clips before it", ", ".join(names))
        limit = float(np.finfo(self.dtype).max)
        for name in names:
            largest = float(np.abs(getattr(poses, name)).max())
            if largest > limit:
                fail(f"{name} of clip '{clip}'", f"be at most {limit:g} as {self.dtype} allows", largest, "use float32")
        for name in names:
            with (self._folder / name).open("ab") as file:
                file.write(np.ascontiguousarray(getattr(poses, name), self.dtype).tobytes())
        self.names = names
        self._taken.add(clip)
        self.ids.append(clip)
        self.persons.append(len(poses.keypoints))
        self.num.append(poses.num)
        return len(self.ids) - 1


@contextmanager
def write_store(path: str | Path, *, layout: str, dtype: str = "float32") -> Iterator[_Writer]:
    """A writer whose ``add(id, poses)`` appends; the store is there, complete, when the block has ended well.

    What killed writers have left beside it is removed.

    Args:
        path: the store, ending with ``.safetensors``.
        layout: name of the joint layout of all clips.
        dtype: ``float32``, or ``float16`` for half the size (2 mm steps four metres away; too coarse for pixels).

    Raises:
        InputError: for an unknown layout or dtype, or no clips.
        StorageError: when the disk is full or the folder cannot be written.
    """
    known = get_layout(layout)
    check_choice("dtype of a skeleton store", dtype, DTYPES)
    _remove_left(Path(path))
    with (
        atomic(path) as temporary,
        tempfile.TemporaryDirectory(dir=temporary.parent, prefix=PARTS) as folder,
        file_lock(Path(folder) / LOCK, wait=False),
    ):
        writer = _Writer(Path(folder), known, dtype)
        yield writer
        if not writer.ids:
            fail(f"skeleton store '{path}'", "have clips", "none")
        _pack(writer, Path(folder), temporary)


def _remove_left(path: Path) -> None:
    """Remove half-written stores, unless somebody is writing here: the lock of a killed one is free."""
    alone = True
    for folder in path.parent.glob(f"{PARTS}*"):
        with suppress(OSError), file_lock(folder / LOCK, wait=False) as free:
            alone = alone and free
            if free:
                shutil.rmtree(folder)
    if alone:
        sweep(path.parent, {path.stem})


def _pack(writer: _Writer, folder: Path, path: Path) -> None:
    persons, num = np.array(writer.persons, np.uint16), np.array(writer.num, np.int32)
    sizes = persons.astype(np.int64) * num
    rows, joints = int(sizes.sum()), writer.layout.num_joints
    shapes = {"keypoints": (rows, joints, writer.layout.dims), "scores": (rows, joints), "pixels": (rows, joints, 2)}
    tensors = {
        name: torch.from_file(
            str(folder / name), size=int(np.prod(shapes[name])), dtype=DTYPES[str(writer.dtype)]
        ).view(shapes[name])
        for name in writer.names
    }
    ids = np.frombuffer("\n".join(writer.ids).encode("utf-8"), np.uint8)
    for name, array in {"first": np.cumsum(sizes) - sizes, "persons": persons, "num": num, "ids": ids}.items():
        tensors[name] = torch.from_numpy(array.copy())
    try:
        save_file(tensors, path, metadata={FORMAT: writer.layout.name})  # of two keys the order is random
    except SafetensorError as error:  # what the system said is in its words only
        said = re.search(r"os error (\d+)", str(error))
        if said is None:
            raise
        raise OSError(int(said[1]), os.strerror(int(said[1])), str(path)) from error
    path.chmod(0o644)  # safetensors keeps its files to their owner
