"""One matrix of a MATLAB 5 file, found and checked without trusting a size the file declares.

The format is MathWorks' "MAT-File Level 5 File Format". scipy reads far more of it, but takes the memory that a header
or a compressed element asks for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import NoReturn

import numpy as np

from modalities.checks import fail
from modalities.skeleton.readers.files import CURE, check_room, shown

HEADER = 128
MATRIX, COMPRESSED, UINT32, INT32 = 14, 15, 6, 5
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""Data types of numbers, by their codes."""
NUMERIC_CLASSES = range(6, 16)
"""Arrays of double, single and integers; the others are text, cells, structures, objects and sparse matrices."""


class _Elements:
    """Tagged elements one after the other; ``place`` says where they are, for errors."""

    def __init__(self, path: str | Path, data: memoryview, order: str, place: int | str) -> None:
        self.path, self.data, self.order, self.place = path, data, order, place
        self.at = 0

    def fail(self, must: str, got: object) -> NoReturn:
        at = self.place + self.at if isinstance(self.place, int) else f"{self.at} {self.place}"
        fail(f"'{self.path}' at byte {at}", must, got, CURE)

    def _word(self, at: int) -> int:
        if at + 4 > len(self.data):
            self.fail("hold a MATLAB element", "the end of the file")
        return int.from_bytes(self.data[at : at + 4], "little" if self.order == "<" else "big")

    def next(self) -> tuple[int, memoryview, int]:
        """Type, content, and where the content begins."""
        kind, start = self._word(self.at), self.at + 8
        if kind >> 16:  # a small one: size, type and content in eight bytes
            kind, size, start = kind & 0xFFFF, kind >> 16, self.at + 4
            after = self.at + 8
            limit = 4
        else:
            size = self._word(self.at + 4)
            after = start + (size if kind == COMPRESSED else (size + 7) // 8 * 8)
            limit = len(self.data) - start
        if size > limit:
            self.fail("hold a MATLAB element that ends", f"one of {size} bytes where {max(limit, 0)} are left")
        self.at = after
        return kind, self.data[start : start + size], start


def read_matrix(path: str | Path, data: bytes, name: str) -> np.ndarray:
    """The real numeric array of that name, as float32.

    Args:
        path: named in errors.
        data: the file's content.
        name: of the variable.

    Raises:
        InputError: naming the byte, if the file is no MATLAB 5 file, is damaged, or holds no such array.
    """
    order = {b"IM": "<", b"MI": ">"}.get(data[HEADER - 2 : HEADER])
    if order is None:
        kind = "version 7.3 (HDF5)" if b"MATLAB 7.3" in data[:HEADER] else "another kind of file"
        fail(f"'{path}'", "be a MATLAB 5 file", kind, "save it with '-v7' in MATLAB")
    others = []
    for matrix in _matrices(path, data, order):
        found, array = _matrix(matrix, name, data)
        if array is not None:
            return array
        others.append(found)
    fail(f"'{path}'", f"hold the variable {name}", shown(", ".join(others[:9])) or "none", CURE)


def _matrices(path: str | Path, data: bytes, order: str) -> Iterator[_Elements]:
    """The content of every variable, made larger only if it then fits the file."""
    elements = _Elements(path, memoryview(data)[HEADER:], order, HEADER)
    while elements.at < len(elements.data):
        begin = elements.at
        kind, content, start = elements.next()
        if kind == COMPRESSED:
            try:
                check_room(path, _size(content), data, what=f"the element at byte {HEADER + begin}", times=3)
                plain = zlib.decompress(content)
            except zlib.error as error:
                elements.at = begin
                elements.fail("hold a compressed element", str(error))
            inner = _Elements(path, memoryview(plain), order, f"of what is compressed at byte {HEADER + begin}")
            kind, content, start = inner.next()
            place: int | str = f"of the matrix compressed at byte {HEADER + begin}"
        else:
            place = HEADER + start
        if kind == MATRIX:
            yield _Elements(path, content, order, place)


def _size(content: memoryview) -> int:
    """Bytes of what is compressed, counted without keeping them."""
    stream, size, left = zlib.decompressobj(), 0, bytes(content)
    while not stream.eof and (piece := stream.decompress(left, 1 << 16)):
        size, left = size + len(piece), stream.unconsumed_tail
    return size


def _matrix(matrix: _Elements, name: str, data: bytes) -> tuple[str, np.ndarray | None]:
    """Name of a variable, and its values if it is the one that is wanted."""
    kind, flags, _ = matrix.next()
    if kind != UINT32 or len(flags) != 8:
        matrix.fail("begin with the flags of an array", f"an element of type {kind} and {len(flags)} bytes")
    class_of = flags[0] if matrix.order == "<" else flags[3]
    kind, dims, _ = matrix.next()
    if kind != INT32 or len(dims) % 4 or not 8 <= len(dims) <= 128:
        matrix.fail("hold the sizes of an array", f"an element of type {kind} and {len(dims)} bytes")
    shape = np.frombuffer(dims, f"{matrix.order}i4").tolist()
    _, letters, _ = matrix.next()
    found = bytes(letters[:64]).decode("latin-1")
    if found != name:
        return found, None
    if class_of not in NUMERIC_CLASSES:
        matrix.fail(f"hold numbers in {name}", f"an array of class {class_of}")
    kind, content, start = matrix.next()
    dtype = np.dtype(f"{matrix.order}{NUMBERS.get(kind, 'V1')}") if kind in NUMBERS else None
    if dtype is None or min(shape) < 0 or prod(shape) * dtype.itemsize != len(content):
        matrix.at = start
        matrix.fail(f"hold {shape} numbers of {name}", f"{len(content)} bytes of type {kind}")
    check_room(matrix.path, 4 * prod(shape), data, what=name, times=3)
    with np.errstate(over="ignore"):
        return found, np.frombuffer(content, dtype).astype(np.float32).reshape(shape, order="F")
