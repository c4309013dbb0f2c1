"""Store of the skeletons of a whole dataset: one memory-mapped file, read by many workers without copies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from triad.modalities.checks import InputError, check_file, check_shape, fail
from triad.modalities.mapped_file import MappedFile
from triad.modalities.skeleton.layouts import get_layout
from triad.modalities.skeleton.poses import Poses

CURE = "prepare the dataset again"
DTYPES = ("float16", "float32")
TABLES = {"first": "int64", "persons": "uint16", "num": "int32", "ids": "uint8"}
FORMAT = "triad-poses-1"


class PoseStore:
    """A packed file of :class:`Poses`, opened without being read: pages come from disk when a clip is read.

    The file is safetensors: ``keypoints`` ``[R, V, C]``, ``scores`` ``[R, V]`` and, where known, ``pixels``
    ``[R, V, 2]``, in which the ``M · T`` rows of a clip follow one another; ``first`` row, ``persons`` and ``num`` of
    each clip ``[N]``; ``ids``, lines in UTF-8. The metadata is ``{format: layout}``.

    Args:
        path: path of the file.

    Raises:
        InputError: If the file is missing, damaged, or no store.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_file("skeleton store", path, CURE)
        self._mapped_file = MappedFile(self.path, cure=CURE)
        try:
            with safe_open(self.path, "pt") as file:
                metadata = file.metadata() or {}
                arrays = {name: file.get_tensor(name).numpy() for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, TypeError, ValueError) as error:
            fail(f"skeleton store '{path}'", "be a readable .safetensors", f"{type(error).__name__}: {error}", CURE)
        if FORMAT not in metadata:
            fail(f"skeleton store '{path}'", f"be of format {FORMAT}", sorted(metadata), CURE)
        self.layout = get_layout(metadata[FORMAT], subject=f"layout of skeleton store '{path}'")
        self._check(arrays)
        self._first = arrays["first"].copy()  # in memory, where nobody cuts them off
        self._persons = arrays["persons"].copy()
        self._num = arrays["num"].copy()
        self._ids = arrays["ids"]
        self._values = {name: arrays[name] for name in ("keypoints", "scores", "pixels") if name in arrays}

    def _check(self, arrays: dict[str, np.ndarray]) -> None:
        missing = {"keypoints", "scores", *TABLES} - set(arrays)
        if missing:
            fail(f"skeleton store '{self.path}'", "be complete", f"no {', '.join(sorted(missing))}", CURE)
        for name, array in arrays.items():
            if array.dtype.name not in ([TABLES[name]] if name in TABLES else DTYPES):
                dtypes = TABLES.get(name) or " or ".join(DTYPES)
                fail(f"{name} of skeleton store '{self.path}'", f"be {dtypes}", array.dtype, CURE)
        joints = self.layout.num_joints
        try:
            rows = check_shape("keypoints", arrays["keypoints"], ["R", joints, self.layout.dims])["R"]
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
        if (num_ids := np.count_nonzero(arrays["ids"] == ord("\n")) + 1) != clips:
            fail(f"skeleton store '{self.path}'", "have an id a clip", f"{num_ids} for {clips}", CURE)

    def __len__(self) -> int:
        return len(self._first)

    @property
    def ids(self) -> list[str]:
        """Ids of the clips in their order, decoded at each call."""
        self._mapped_file.check()
        try:
            return self._ids.tobytes().decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            fail(f"ids of skeleton store '{self.path}'", "be UTF-8", str(error), CURE)

    def num(self, clip: int) -> int:
        """Return the number of times of a clip."""
        return int(self._num[clip])

    def read(self, clip: int, entries: np.ndarray | slice = slice(None)) -> Poses:
        """Return the poses of a clip.

        Args:
            clip: number of the clip.
            entries: indices of the poses, int ``[T]``; all by default.

        Raises:
            InputError: naming file and clip, if a value is NaN or infinite, or the file was cut off meanwhile.
        """
        try:
            return Poses(layout=self.layout.name, **self.arrays(clip, entries))
        except InputError as error:
            raise InputError(f"clip '{self.ids[clip]}' of skeleton store '{self.path}': {error}; {CURE}") from None

    def arrays(self, clip: int, entries: np.ndarray | slice = slice(None)) -> dict[str, np.ndarray]:
        """Return the arrays of :meth:`read`, new and float32, without a check of their values.

        Shapes: ``keypoints`` ``[M, T, V, C]``, ``scores`` ``[M, T, V]``, and ``pixels`` ``[M, T, V, 2]`` if stored.
        """
        import torch  # safetensors has imported it; commands that read no store need not wait for it

        self._mapped_file.check()
        first = self._first.item(clip)
        persons = self._persons.item(clip)
        num = self._num.item(clip)
        times = np.arange(num)[entries] if isinstance(entries, slice) else entries
        return {
            name: torch.from_numpy(  # faster than numpy at half precision
                array[first : first + persons * num].reshape(persons, num, *array.shape[1:]).take(times, 1)
            )
            .float()
            .numpy()
            for name, array in self._values.items()
        }
