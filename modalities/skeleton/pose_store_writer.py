"""Writer of a packed skeleton store: clip by clip, and all or nothing."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from safetensors import SafetensorError

from triad.modalities.atomic_files import atomic_write
from triad.modalities.checks import check_choice, fail
from triad.modalities.file_lock import file_lock
from triad.modalities.partial_files import remove_partial_files
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.pose_store import DTYPES, FORMAT
from triad.modalities.skeleton.poses import Poses

PARTS = ".poses."
LOCK = ".lock"
PACKED = "packed"


class StoreWriter:
    """Collects clips in plain temporary files, so that memory does not grow with the dataset.

    Args:
        folder: folder of the temporary files.
        layout: layout of all clips.
        dtype: name of the dtype of the stored values.
    """

    def __init__(self, folder: Path, layout: Layout, dtype: str) -> None:
        self.layout = layout
        self.dtype = np.dtype(dtype)
        self.ids: list[str] = []
        self.persons: list[int] = []
        self.num: list[int] = []
        self.names: list[str] = []
        self._known_ids: set[str] = set()
        self._folder = folder

    def add(self, clip: str, poses: Poses) -> int:
        """Append a clip and return its number in the store, which ``Source.clip`` names.

        A clip that is refused leaves nothing in the store.

        Args:
            clip: id of the clip, one line.
            poses: poses of the clip.

        Raises:
            InputError: If the layout is another, the id is taken or has a line break, a value does not fit the dtype,
                or only some clips have pixels.
        """
        if poses.layout != self.layout.name:
            fail(f"layout of clip '{clip}'", f"be '{self.layout.name}' as the store's", f"'{poses.layout}'")
        if not clip or len(clip.splitlines()) != 1:
            fail("id of a clip", "be one line", repr(clip))
        if clip in self._known_ids:
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
        self._known_ids.add(clip)
        self.ids.append(clip)
        self.persons.append(len(poses.keypoints))
        self.num.append(poses.num)
        return len(self.ids) - 1


@contextmanager
def write_store(path: str | Path, *, layout: str, dtype: str = "float32") -> Iterator[StoreWriter]:
    """Yield a writer whose ``add(id, poses)`` appends; the store appears, complete, when the block ends well.

    Files that killed writers left beside it are removed.

    Args:
        path: path of the store, ending with ``.safetensors``.
        layout: name of the joint layout of all clips.
        dtype: ``float32``, or ``float16`` for half the size (2 mm steps four metres away; too coarse for pixels).

    Raises:
        InputError: for an unknown layout or dtype, or no clips.
        StorageError: If the disk is full or the folder cannot be written.
    """
    known_layout = get_layout(layout)
    check_choice("dtype of a skeleton store", dtype, DTYPES)
    _remove_abandoned(Path(path))
    with (
        atomic_write(path) as temporary,
        tempfile.TemporaryDirectory(dir=temporary.parent, prefix=PARTS) as folder,
        file_lock(Path(folder) / LOCK, wait=False),
    ):
        writer = StoreWriter(Path(folder), known_layout, dtype)
        yield writer
        if not writer.ids:
            fail(f"skeleton store '{path}'", "have clips", "none")
        _pack(writer, Path(folder), temporary)


def _remove_abandoned(path: Path) -> None:
    """Remove half-written stores, unless a writer is at work: the lock of a killed one is free."""
    alone = True
    for folder in path.parent.glob(f"{PARTS}*"):
        with suppress(OSError), file_lock(folder / LOCK, wait=False) as free:
            alone = alone and free
            if free:
                shutil.rmtree(folder)
    if alone:
        remove_partial_files(path.parent, {path.stem})


def _pack(writer: StoreWriter, folder: Path, path: Path) -> None:
    import torch  # takes seconds, and commands that write no store would wait for it
    from safetensors.torch import save_file

    persons = np.array(writer.persons, np.uint16)
    num = np.array(writer.num, np.int32)
    sizes = persons.astype(np.int64) * num
    rows = int(sizes.sum())
    joints = writer.layout.num_joints
    shapes = {"keypoints": (rows, joints, writer.layout.dims), "scores": (rows, joints), "pixels": (rows, joints, 2)}
    tensors = {
        name: torch.from_file(
            str(folder / name), size=int(np.prod(shapes[name])), dtype=getattr(torch, str(writer.dtype))
        ).view(shapes[name])
        for name in writer.names
    }
    ids = np.frombuffer("\n".join(writer.ids).encode("utf-8"), np.uint8)
    for name, array in {"first": np.cumsum(sizes) - sizes, "persons": persons, "num": num, "ids": ids}.items():
        tensors[name] = torch.from_numpy(array.copy())
    packed = folder / PACKED  # safetensors writes a file of another name beside it first, which a killed run leaves
    try:
        save_file(tensors, packed, metadata={FORMAT: writer.layout.name})  # of two keys the order is random
    except SafetensorError as error:  # only its text has the number of the system's error
        match = re.search(r"os error (\d+)", str(error))
        if match is None:
            raise
        raise OSError(int(match[1]), os.strerror(int(match[1])), str(path)) from error
    packed.chmod(0o644)  # safetensors keeps its files to their owner
    os.replace(packed, path)
