"""numpy's ``.npy`` arrays whose declared shape fits their bytes, and the reader of one clip in such a file."""

from __future__ import annotations

import warnings
from io import BytesIO
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from triad.modalities.checks import InputError, fail, printable
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.layouts import LAYOUTS, get_layout
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

MAX_HEADER = 1 << 16


def read_header(file: BinaryIO, size: int, subject: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, Fortran order and dtype of an array of numbers whose bytes are the rest of a file.

    Args:
        file: file of the array, read up to its first number.
        size: bytes of the file.
        subject: name of the array in errors.

    Raises:
        InputError: If it is no array of numbers, or declares another size.
    """
    try:
        header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(npy.read_magic(file))
        if header is None:
            fail(subject, "be an array of format 1.0 or 2.0", "another version", CURE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy's advice about headers of Python 2
            shape, fortran_order, dtype = header(file)
    except InputError:
        raise
    except Exception as error:  # numpy raises half a dozen kinds for a damaged header
        fail(subject, "be a readable .npy", f"{type(error).__name__}: {printable(error)}", CURE)
    if dtype.kind not in "fiub":
        fail(subject, "hold numbers", printable(dtype), CURE)
    num_bytes = size - file.tell()
    if any(length < 0 for length in shape) or prod(shape) * dtype.itemsize != num_bytes:
        fail(subject, f"hold {prod(shape) * dtype.itemsize} bytes of {dtype} {list(shape)}", num_bytes, CURE)
    return shape, fortran_order, dtype


def read_npy_array(path: str | Path, data: bytes) -> np.ndarray:
    """Return the array of a file.

    Raises:
        InputError: If it is damaged, or would take far more memory than the file.
    """
    stream = BytesIO(data)
    shape, fortran_order, dtype = read_header(stream, len(data), f"'{path}'")
    check_memory(path, 4 * prod(shape), data, subject="its array", times=2)  # it becomes float32
    return np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran_order else "C")


def read_npy(path: str | Path, options: ReadOptions | None = None) -> SkeletonRecording:
    """Read one clip from an array ``[T, V, C]`` or ``[M, T, V, C]``; a joint of zeros only is missing.

    Of two coordinates and a third of a layout in pixels, the third is the score. ``[C, T, V, M]``, the order of
    ST-GCN's samples, is read where only that fits.

    Args:
        path: path of the file.
        options: layout that the user names.

    Raises:
        InputError: If the file is no such array, or nobody is shown.
    """
    return clip_from_array(path, read_npy_array(path, read_bytes(path)), options or ReadOptions())


def clip_from_array(path: str | Path, array: np.ndarray, options: ReadOptions) -> SkeletonRecording:
    """Return the clip of an array of one recording, see :func:`read_npy`."""
    if array.ndim not in (3, 4) or 0 in array.shape:
        fail(f"'{path}'", "have shape [T, V, C] or [M, T, V, C]", list(array.shape), CURE)
    points = array[None] if array.ndim == 3 else array
    counts = {layout.num_joints for layout in LAYOUTS.values()}
    if options.layout is not None:
        counts = {get_layout(options.layout).num_joints}
    is_solid = options.layout is not None and get_layout(options.layout).dims == 3
    if points.shape[3] not in (2, 3) or points.shape[2] not in counts or (is_solid and points.shape[3] == 2):
        swapped = array.ndim == 4 and array.shape[0] in (2, 3) and array.shape[2] in counts
        if swapped:
            points = array.transpose(3, 1, 2, 0)  # [C, T, V, M] -> [M, T, V, C]
    if points.shape[3] not in (2, 3):
        fail(f"'{path}'", "have 2 or 3 coordinates on its last axis", list(array.shape), CURE)
    flat = options.layout is not None and get_layout(options.layout).dims == 2
    scores = np.any(points != 0, axis=-1)
    if flat and points.shape[3] == 3:
        scores = points[..., 2]
        points = points[..., :2]
    layout = LayoutChoice(path).choose(points.shape[2], points.shape[3], options)
    return SkeletonRecording(build_poses(path, points, scores, layout=layout.name))
