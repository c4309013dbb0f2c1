"""Reader of poses in numpy's ``.npz``, which any program can write."""

from __future__ import annotations

from io import BytesIO
from math import prod
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from triad.modalities.checks import InputError, fail, printable, shorten
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.poses import Poses
from triad.modalities.skeleton.readers.file_bytes import check_memory, read_bytes
from triad.modalities.skeleton.readers.pose_arrays import build_poses
from triad.modalities.skeleton.readers.recording import LayoutChoice, ReadOptions, SkeletonRecording

ZIP_ENTRY = b"PK\x01\x02"
MAX_ENTRIES = 1000
NAMES = ("keypoints", "scores", "pixels")


def read_npz(path: str | Path, *, layout: str) -> Poses:
    """Read poses from the arrays ``keypoints``, ``scores`` and, optionally, ``pixels`` of a :class:`Poses`.

    Without ``scores`` a joint is missing where all its values are 0. One with a value that is no number is missing.

    Args:
        path: path of the file, compressed or not.
        layout: name of the joint layout, in whose order the joints are.

    Shapes: ``keypoints`` ``[M, T, V, C]`` or, for one person, ``[T, V, C]``; the others likewise.

    Raises:
        InputError: If the file is damaged, holds other arrays, or shows nobody.
    """
    return _build(path, _read_arrays(path, read_bytes(path)), layout)


def _keypoints(path: str | Path, arrays: dict[str, np.ndarray]) -> np.ndarray:
    points = arrays["keypoints"]
    if points.ndim not in (3, 4) or 0 in points.shape:  # an empty array can claim any size
        fail(f"'{path}': keypoints", "have shape [M, T, V, C] or [T, V, C] and values", list(points.shape))
    return points


def _build(path: str | Path, arrays: dict[str, np.ndarray], layout: str) -> Poses:
    points = _keypoints(path, arrays)
    scores = arrays.get("scores")
    if scores is None:
        scores = np.any(points != 0, axis=-1)
    pixels = arrays.get("pixels")
    shapes = {"scores": points.shape[:-1], "pixels": (*points.shape[:-1], 2)}
    for name, shape in shapes.items():
        if name in arrays and arrays[name].shape != shape:
            fail(f"'{path}': {name}", f"have shape {list(shape)} as keypoints has", list(arrays[name].shape))
    if points.ndim == 3:
        points = points[None]
        scores = scores[None]
        pixels = None if pixels is None else pixels[None]
    return build_poses(path, points, scores, layout=layout, pixels=pixels)


def read_npz_recording(path: Path, options: ReadOptions) -> SkeletonRecording:
    """Read poses with the layout that the user names."""
    arrays = _read_arrays(path, read_bytes(path))
    points = _keypoints(path, arrays)
    layout = LayoutChoice(path).choose(points.shape[-2], points.shape[-1], options)
    return SkeletonRecording(_build(path, arrays, layout.name))


def _read_arrays(path: str | Path, data: bytes) -> dict[str, np.ndarray]:
    """Read the arrays of poses, each checked before it takes memory."""
    if data.count(ZIP_ENTRY) > MAX_ENTRIES:
        fail(f"'{path}'", f"be an .npz of at most {MAX_ENTRIES} arrays", data.count(ZIP_ENTRY), CURE)
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            if "keypoints" not in entries:
                got = shorten(map(printable, entries)) or "none"
                fail(f"'{path}'", "hold the array keypoints", got, "name its arrays so")
            names = [name for name in NAMES if name in entries]
            check_memory(path, sum(entries[name].file_size for name in names), data, subject="the arrays", times=4)
            return {name: _read_array(path, archive, entries[name], data) for name in names}
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {printable(error)}", CURE)


def _read_array(path: str | Path, archive: ZipFile, info: ZipInfo, data: bytes) -> np.ndarray:
    """Read an array whose declared shape fits its bytes."""
    subject = f"'{path}' at byte {info.header_offset}: {info.filename}"
    content = archive.read(info)  # at most the size it declares
    stream = BytesIO(content)
    read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(npy.read_magic(stream))
    if read_header is None:
        fail(subject, "be an array of format 1.0 or 2.0", "another version", CURE)
    shape, fortran_order, dtype = read_header(stream)
    if dtype.kind not in "fiub":
        fail(subject, "hold numbers", dtype, CURE)
    size = len(content) - stream.tell()
    if any(length < 0 for length in shape) or prod(shape) * dtype.itemsize != size:
        fail(subject, f"hold {prod(shape) * dtype.itemsize} bytes of {dtype} {list(shape)}", size, CURE)
    check_memory(path, 4 * prod(shape), data, subject=info.filename, times=4)  # they become float32
    return np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran_order else "C")
