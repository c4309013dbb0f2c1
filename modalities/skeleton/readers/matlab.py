"""Reader of one numeric matrix of a MATLAB 5 file that trusts no size declared in the file.

The format is MathWorks' "MAT-File Level 5 File Format". :func:`scipy.io.loadmat` reads far more of it, but allocates
up to 4 GiB where four bytes of a small file ask for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import NamedTuple, NoReturn

import numpy as np

from triad.modalities.checks import fail, printable
from triad.modalities.safe_pickle import CURE
from triad.modalities.skeleton.readers.file_bytes import check_memory

HEADER_SIZE = 128
MATRIX = 14
COMPRESSED = 15
INT32 = 5
UINT32 = 6
DTYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""numpy's names of the data types of numbers, by their codes."""
NUMERIC_CLASSES = range(6, 16)
"""Arrays of double, single and integers; the others are text, cells, structures, objects and sparse matrices."""


class Element(NamedTuple):
    """A tagged piece of the file.

    Attributes:
        type: code of its type.
        content: its bytes.
        start: offset of the content within the bytes that hold the element.
    """

    type: int
    content: memoryview
    start: int


class ElementReader:
    """Reads tagged elements that follow one another.

    Args:
        path: name of the file in errors.
        data: bytes of the elements.
        byte_order: ``<`` for little-endian, ``>`` for big-endian.
        location: offset of ``data`` in the file, or text that stands in for it in errors.
    """

    def __init__(self, path: str | Path, data: memoryview, byte_order: str, location: int | str) -> None:
        self.path = path
        self.data = data
        self.byte_order = byte_order
        self.location = location
        self.position = 0

    def fail(self, must: str, got: object) -> NoReturn:
        """Refuse the file, naming the byte.

        Raises:
            InputError: always.
        """
        if isinstance(self.location, int):
            byte = str(self.location + self.position)
        else:
            byte = f"{self.position} {self.location}"
        fail(f"'{self.path}' at byte {byte}", must, got, CURE)

    def read(self) -> Element:
        """Read the next element.

        Raises:
            InputError: If it does not end within the data.
        """
        code = self._word(self.position)
        start = self.position + 8
        if code >> 16:  # a small element: size, type and content in eight bytes
            size = code >> 16
            code &= 0xFFFF
            limit = 4
            start = self.position + 4
            end = self.position + 8
        else:
            size = self._word(self.position + 4)
            limit = len(self.data) - start
            end = start + (size if code == COMPRESSED else (size + 7) // 8 * 8)
        if size > limit:
            self.fail("hold a MATLAB element that ends", f"one of {size} bytes where {max(limit, 0)} are left")
        self.position = end
        return Element(code, self.data[start : start + size], start)

    def _word(self, offset: int) -> int:
        if offset + 4 > len(self.data):
            self.fail("hold a MATLAB element", "the end of the file")
        return int.from_bytes(self.data[offset : offset + 4], "little" if self.byte_order == "<" else "big")


def read_matrix(path: str | Path, data: bytes, name: str) -> np.ndarray:
    """Return the real numeric array of that name as float32.

    Args:
        path: name of the file in errors.
        data: content of the file.
        name: name of the variable.

    Raises:
        InputError: naming the byte, if the file is no MATLAB 5 file, is damaged, or holds no such array.
    """
    names = []
    for matrix in _iter_matrices(path, data, _byte_order(path, data)):
        header = _read_array_header(matrix)
        if header.name == name:
            return _read_values(matrix, header, data)
        names.append(header.name)
    fail(f"'{path}'", f"hold the variable {name}", printable(", ".join(names[:9])) or "none", CURE)


def read_matrices(path: str | Path, data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and values, float32, of every real numeric array of a file.

    Raises:
        InputError: naming the byte, if the file is no MATLAB 5 file, or is damaged.
    """
    for matrix in _iter_matrices(path, data, _byte_order(path, data)):
        header = _read_array_header(matrix)
        if header.array_class in NUMERIC_CLASSES:
            yield header.name, _read_values(matrix, header, data)


class ArrayHeader(NamedTuple):
    """Name, sizes and class of an array."""

    name: str
    shape: list[int]
    array_class: int


def _byte_order(path: str | Path, data: bytes) -> str:
    byte_order = {b"IM": "<", b"MI": ">"}.get(data[HEADER_SIZE - 2 : HEADER_SIZE])
    if byte_order is None:
        kind = "version 7.3 (HDF5)" if b"MATLAB 7.3" in data[:HEADER_SIZE] else "another kind of file"
        fail(f"'{path}'", "be a MATLAB 5 file", kind, "save it with '-v7' in MATLAB")
    return byte_order


def _iter_matrices(path: str | Path, data: bytes, byte_order: str) -> Iterator[ElementReader]:
    """Yield a reader of every variable, decompressed only if it then is not too large for the file."""
    elements = ElementReader(path, memoryview(data)[HEADER_SIZE:], byte_order, HEADER_SIZE)
    while elements.position < len(elements.data):
        offset = HEADER_SIZE + elements.position
        element = elements.read()
        location: int | str = HEADER_SIZE + element.start
        if element.type == COMPRESSED:
            try:
                size = _decompressed_size(element.content)
                check_memory(path, size, data, subject=f"the element at byte {offset}", times=3)
                content = zlib.decompress(element.content)
            except zlib.error as error:
                elements.position = offset - HEADER_SIZE
                elements.fail("hold a compressed element", str(error))
            inner = ElementReader(path, memoryview(content), byte_order, f"of the element compressed at byte {offset}")
            element = inner.read()
            location = f"of the matrix compressed at byte {offset}"
        if element.type == MATRIX:
            yield ElementReader(path, element.content, byte_order, location)


def _decompressed_size(content: memoryview) -> int:
    """Count the bytes that a compressed element holds, without keeping them."""
    stream = zlib.decompressobj()
    size = 0
    remaining = bytes(content)
    while not stream.eof and (piece := stream.decompress(remaining, 1 << 16)):
        size += len(piece)
        remaining = stream.unconsumed_tail
    return size


def _read_array_header(matrix: ElementReader) -> ArrayHeader:
    """Read what comes before the values of an array."""
    flags = matrix.read()
    if flags.type != UINT32 or len(flags.content) != 8:
        matrix.fail("begin with the flags of an array", f"an element of type {flags.type}")
    array_class = flags.content[0] if matrix.byte_order == "<" else flags.content[3]
    dims = matrix.read()
    if dims.type != INT32 or len(dims.content) % 4 or not 8 <= len(dims.content) <= 128:
        got = f"an element of type {dims.type} and {len(dims.content)} bytes"
        matrix.fail("hold the sizes of an array", got)
    shape = np.frombuffer(dims.content, f"{matrix.byte_order}i4").tolist()
    matrix_name = printable(bytes(matrix.read().content[:64]).decode("latin-1"))
    return ArrayHeader(matrix_name, shape, array_class)


def _read_values(matrix: ElementReader, header: ArrayHeader, data: bytes) -> np.ndarray:
    """Read the values of an array as float32."""
    name, shape, array_class = header
    if array_class not in NUMERIC_CLASSES:
        matrix.fail(f"hold numbers in {name}", f"an array of class {array_class}")
    values = matrix.read()
    dtype = np.dtype(f"{matrix.byte_order}{DTYPES[values.type]}") if values.type in DTYPES else None
    if dtype is None or min(shape) < 0 or prod(shape) * dtype.itemsize != len(values.content):
        matrix.position = values.start
        matrix.fail(f"hold {shape} numbers of {name}", f"{len(values.content)} bytes of type {values.type}")
    check_memory(matrix.path, 4 * prod(shape), data, subject=name, times=3)
    with np.errstate(over="ignore"):
        return np.frombuffer(values.content, dtype).astype(np.float32).reshape(shape, order="F")
