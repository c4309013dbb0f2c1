"""Stored poses of a prepared dataset: clips of a packed store, or files of one clip each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.atomic_files import read_arrays
from triad.modalities.checks import MAX_COORDINATE, InputError, check_shape, fail, find_implausible
from triad.modalities.clips import Source
from triad.modalities.skeleton.convert import conversion_hint
from triad.modalities.skeleton.layouts import Layout, get_layout
from triad.modalities.skeleton.pose_store import PoseStore
from triad.modalities.skeleton.poses import Poses

CURE = "prepare the dataset again"
ARRAYS = ("keypoints", "scores", "pixels")


class PoseLoader:
    """Loads the poses of sources; packed stores stay open, one a process.

    Args:
        layout: layout of the stored joints.
        target: layout that they are converted to; where another layout is stored, the error says how to convert that.
    """

    def __init__(self, layout: Layout, *, target: Layout | None = None) -> None:
        self.layout = layout
        self.target = target
        self._stores: dict[Path, PoseStore] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_stores": {}}  # every process opens its own

    def load(self, source: Source, entries: np.ndarray | slice = slice(None)) -> Poses:
        """Return the poses of a source, all of them or those of some entries.

        Args:
            source: file, or clip of a store.
            entries: indices of the poses, int ``[T]``.

        Raises:
            InputError: like :meth:`load_arrays`; or if a value is NaN or infinite, naming file and clip.
        """
        if source.clip is None:
            return Poses(layout=self.layout.name, **self.load_arrays(source, entries))
        return self._store_of(source).read(source.clip, entries)

    def load_arrays(self, source: Source, entries: np.ndarray | slice = slice(None)) -> dict[str, np.ndarray]:
        """Return the arrays of :meth:`load` as new float32 arrays; those of a store are not checked to be finite.

        Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, ``pixels`` ``[M, T, V, 2]`` where stored.

        Raises:
            InputError: If the file is missing, damaged, not of the layout, or does not hold ``source.num`` poses.
        """
        if source.clip is None:
            arrays = load_pose_arrays(source.path, layout=self.layout, num=source.num)
            return {name: array[:, entries] for name, array in arrays.items()}
        return self._store_of(source).arrays(source.clip, entries)

    def open_store(self, path: Path) -> PoseStore:
        """Return the store of a path, opened at its first use.

        Raises:
            InputError: If it is missing, damaged, or not of the layout.
        """
        if path not in self._stores:
            store = PoseStore(path)
            self.check_layout(f"layout of skeleton store '{path}'", store.layout.name)
            self._stores[path] = store
        return self._stores[path]

    def check_layout(self, subject: str, layout: str) -> None:
        """Refuse another layout than is to be loaded.

        Raises:
            InputError: naming ``subject``, both layouts and the conversion.
        """
        if layout != self.layout.name:
            cure = CURE if self.target is None else conversion_hint(get_layout(layout), self.target)
            fail(subject, f"be '{self.layout.name}'", f"'{layout}'", cure)

    def _store_of(self, source: Source) -> PoseStore:
        """Return the store of a source whose clip is in it and as long as the index says."""
        store = self.open_store(source.path)
        clip = source.clip or 0
        if not 0 <= clip < len(store):
            fail(f"clip of skeleton source '{source.path}'", f"be below {len(store)}", clip, CURE)
        if (num := store.num(clip)) != source.num:
            fail(f"clip {clip} of skeleton store '{source.path}'", f"hold {source.num} poses", num, CURE)
        return store


def load_pose_arrays(path: Path, *, layout: Layout, num: int) -> dict[str, np.ndarray]:
    """Return the checked arrays of a file of one clip, float32.

    Args:
        path: path of an ``.npz``.
        layout: layout of its joints.
        num: number of poses that it must hold.

    Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, ``pixels`` ``[M, T, V, 2]`` where there are some.

    Raises:
        InputError: naming the file, if it is damaged, lacks an array, or holds other poses.
    """
    arrays = read_arrays(path, cure=CURE)
    if missing := {"keypoints", "scores"} - set(arrays):
        fail(f"skeleton file '{path}'", "hold keypoints and scores", f"no {', '.join(sorted(missing))}", CURE)
    sizes = {"T": num, "V": layout.num_joints}
    try:
        sizes = check_shape("keypoints", arrays["keypoints"], ["M", "T", "V", layout.dims], **sizes)
        check_shape("scores", arrays["scores"], ["M", "T", "V"], **sizes)
        if "pixels" in arrays:
            check_shape("pixels", arrays["pixels"], ["M", "T", "V", 2], **sizes)
    except InputError as error:
        raise InputError(f"skeleton file '{path}': {error}; {CURE}") from None
    for name in [name for name in ARRAYS if name in arrays]:
        array = arrays[name]
        if array.dtype.kind not in "fiub":
            fail(f"{name} of skeleton file '{path}'", "be numbers", array.dtype, CURE)
        invalid = np.argwhere(np.isinf(array) if name == "pixels" else ~np.isfinite(array))
        if len(invalid):
            got = f"NaN or infinity at {name}{invalid[0].tolist()}"
            fail(f"skeleton file '{path}'", "be finite", got, "mark missing joints by score 0")
        if name in ARRAYS and (implausible := find_implausible(array)) is not None:
            got = f"{implausible[1]:g} at {name}{implausible[0]}"
            must = f"have {name} within ±{MAX_COORDINATE:g} metres or pixels"
            fail(f"skeleton file '{path}'", must, got, "mark missing joints by score 0")
    return {name: arrays[name].astype(np.float32, copy=False) for name in ARRAYS if name in arrays}
