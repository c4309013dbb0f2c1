"""Flow as floats: a folder of ``.flo`` or ``.npy`` files, one a field, or one ``.npy`` file of a whole video."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from triad.modalities.checks import fail, is_finite, printable
from triad.modalities.flow.storage.denseflow import ClippedField
from triad.modalities.flow.storage.middlebury import read_flo
from triad.modalities.mapped_file import MappedFile

CURE = "give a folder of .flo or .npy files, one a pair of frames, or a .npy file [T, H, W, 2]"


class FloatFields:
    """Flow of one video as floats, in pixels.

    Args:
        path: folder of ``.flo`` or ``.npy`` files in the order of their numbers, or one ``.npy`` file.

    Attributes:
        folder: the path.
        num: number of fields.

    Raises:
        InputError: If there is no such file, numbers are left out, or an array is not of flow.
    """

    def __init__(self, path: Path) -> None:
        self.folder = path
        self._stack = None
        if path.is_file():
            self._mapped_file = MappedFile(path, cure="make this video's flow again")
            self._stack = _open_array(path, num_axes=4)
        self._paths = list_fields(path) if self._stack is None else []
        self.num = len(self._paths) if self._stack is None else len(self._stack)

    def read(self, index: int) -> ClippedField:
        """Return field ``index``, from 0; of ``.flo`` files, unknown flow is 0.

        Raises:
            InputError: If it is damaged, cut off meanwhile, or holds numbers that are not finite.
        """
        if self._stack is not None:
            self._mapped_file.check()
            return _field(self._stack[index], self.folder)
        path = self._paths[index]
        if path.suffix.lower() == ".flo":
            return ClippedField(read_flo(path)[0], 0)
        return _field(_open_array(path, num_axes=3), path)


def list_fields(folder: Path) -> list[Path]:
    """Return the files of a folder by their numbers.

    Raises:
        InputError: If there is none, they are of both kinds, or numbers are left out.
    """
    paths = [path for path in folder.iterdir() if path.suffix.lower() in (".flo", ".npy") and path.name[0] != "."]
    if not paths or len({path.suffix.lower() for path in paths}) > 1:
        got = "both" if paths else "none"
        fail(f"'{folder}'", "hold .flo or .npy files", got, CURE)
    numbered: dict[int, Path] = {}
    for path in sorted(paths):
        digits = re.findall(r"[0-9]+", path.stem)
        if not digits or int(digits[-1]) in numbered:
            fail(f"'{path}'", "have a number of its own", "none" if not digits else digits[-1], CURE)
        numbered[int(digits[-1])] = path
    first = min(numbered)
    missing = [number for number in range(first, first + len(numbered)) if number not in numbered]
    if missing:
        fail(f"'{folder}'", "be numbered without a gap", f"no number {missing[0]}", "make this video's flow again")
    return [numbered[first + index] for index in range(len(numbered))]


def _open_array(path: Path, *, num_axes: int) -> np.ndarray:
    """Return an array of flow from a file, mapped, with the components last."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # whatever a foreign header raises
        fail(f"'{path}'", "be a .npy file of numbers", printable(error), CURE)
    is_number = array.dtype.kind in "fiu"
    if is_number and array.ndim == num_axes and array.shape[-1] != 2 and array.shape[-3] == 2:
        array = np.moveaxis(array, -3, -1)  # [2, H, W]
    if not is_number or array.ndim != num_axes or array.shape[-1] != 2 or 0 in array.shape:
        axes = "[T, H, W, 2]" if num_axes == 4 else "[H, W, 2]"
        fail(f"'{path}'", f"hold numbers {axes}", f"{array.dtype} {list(array.shape)}", CURE)
    return array


def _field(array: np.ndarray, path: Path) -> ClippedField:
    flow = np.ascontiguousarray(array, np.float32)
    if not is_finite(flow):
        fail(f"flow of '{path}'", "be finite", "NaN or infinity", "make this video's flow again")
    return ClippedField(flow, 0)
