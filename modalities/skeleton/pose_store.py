"""The skeletons of a whole dataset in one memory-mapped file, read by many workers without copies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open

from modalities.checks import InputError, check_choice, check_file, check_shape, fail
from modalities.skeleton.layouts import LAYOUTS, get_layout
from modalities.skeleton.poses import Poses

CURE = "prepare the dataset again"
DTYPES = {"float16": torch.float16, "float32": torch.float32}
TABLES = {"first": "int64", "persons": "uint16", "num": "int32", "ids": "uint8"}
FORMAT = "triad-poses-1"


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
    """As float32; by torch, which is faster than numpy at half precision."""
    return torch.from_numpy(array).float().numpy()
