"""Our own arrays, as any program can write them: numpy's ``.npz``."""

from __future__ import annotations

from io import BytesIO
from math import prod
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy

from modalities.checks import InputError, fail
from modalities.skeleton.poses import Poses
from modalities.skeleton.readers.files import CURE, check_room, load, shown, to_poses

ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 1000


def read_npz(path: str | Path, *, layout: str) -> Poses:
    """Poses of the arrays ``keypoints``, ``scores`` and, optionally, ``pixels`` of a :class:`Poses`.

    Without ``scores`` a joint is lost where all its values are 0; one with a value that is no number is lost anyhow.

    Args:
        path: file; compressed or not.
        layout: name of the joint layout, in whose order the joints are.

    Shapes: ``keypoints`` ``[M, T, V, C]`` or, of one person, ``[T, V, C]``; the others likewise.

    Raises:
        InputError: if the file is damaged, holds other arrays, or shows nobody.
    """
    data = load(path)
    arrays = _arrays(path, data)
    if "keypoints" not in arrays:
        fail(f"'{path}'", "hold the array keypoints", ", ".join(arrays) or "none", "name its arrays so")
    points = arrays["keypoints"]
    if points.ndim not in (3, 4) or 0 in points.shape:  # an empty array can claim any size
        fail(f"'{path}': keypoints", "have shape [M, T, V, C] or [T, V, C] and values", list(points.shape))
    scores = arrays.get("scores")
    scores = np.any(points != 0, axis=-1) if scores is None else scores
    pixels = arrays.get("pixels")
    wanted = {"scores": (scores, points.shape[:-1]), "pixels": (pixels, (*points.shape[:-1], 2))}
    for name, (array, shape) in wanted.items():
        if array is not None and array.shape != shape:
            fail(f"'{path}': {name}", f"have shape {list(shape)} as keypoints has", list(array.shape))
    if points.ndim == 3:
        points, scores, pixels = points[None], scores[None], None if pixels is None else pixels[None]
    return to_poses(path, points, scores, layout=layout, pixels=pixels)


def _arrays(path: str | Path, data: bytes) -> dict[str, np.ndarray]:
    """The arrays of a pose, each checked before it takes memory."""
    if data.count(ENTRY) > MOST_ENTRIES:
        fail(f"'{path}'", f"be an .npz of at most {MOST_ENTRIES} arrays", data.count(ENTRY), CURE)
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            wanted = [name for name in ("keypoints", "scores", "pixels") if name in members]
            check_room(path, sum(members[name].file_size for name in wanted), data, what="the arrays", times=2)
            return {name: _array(path, archive, members[name], data) for name in wanted}
    except InputError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds for a damaged file
        fail(f"'{path}'", "be a readable .npz", f"{type(error).__name__}: {shown(error)}", CURE)


def _array(path: str | Path, archive: ZipFile, info: ZipInfo, data: bytes) -> np.ndarray:
    """An array whose declared shape is what there is."""
    subject = f"'{path}' at byte {info.header_offset}: {info.filename}"
    content = archive.read(info)  # at most what it declares
    stream = BytesIO(content)
    read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(npy.read_magic(stream))
    if read_header is None:
        fail(subject, "be an array of format 1.0 or 2.0", "another version", CURE)
    shape, fortran, dtype = read_header(stream)
    if dtype.kind not in "fiub":
        fail(subject, "hold numbers", dtype, CURE)
    left = len(content) - stream.tell()
    if any(size < 0 for size in shape) or prod(shape) * dtype.itemsize != left:
        fail(subject, f"hold {prod(shape) * dtype.itemsize} bytes of {dtype} {list(shape)}", left, CURE)
    check_room(path, 4 * prod(shape), data, what=info.filename, times=2)  # they become float32
    return np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran else "C")
