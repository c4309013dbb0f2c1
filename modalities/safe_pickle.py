"""Pickles of plain values and numpy arrays, read without importing or calling anything that a file names."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from triad.modalities.checks import InputError, fail, printable

CURE = "check that the file is of this kind, and whole"
ALLOWANCE = 4 << 20
"""Bytes that a small file may take in memory."""

PythonUnpickler: Any = pickle._Unpickler  # type: ignore[attr-defined]
"""Pickle's implementation in Python. The one in C crashes on keys that are deeply nested tuples, and allocates whatever
index of its memo a file names."""
NUMERIC_DTYPE = re.compile(r"[<>=|]?([fiu][1248]|b1|[US][1-9]\d{0,2})")  # empty text would fit any shape
MAX_KEY = 1 << 60  # the hash of a smaller integer is itself, so that no file can make all keys collide
COSTS = {
    0: "PROTO FRAME STOP POP POP_MARK APPENDS SETITEM SETITEMS ADDITEMS",
    9: "NONE NEWTRUE NEWFALSE GET BINGET LONG_BINGET DUP BININT1 APPEND",
    48: "INT BININT BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT",
    80: "STRING BINSTRING SHORT_BINSTRING UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES "
    "BINBYTES8 BYTEARRAY8 EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 MARK GLOBAL STACK_GLOBAL",
    100: "PUT BINPUT LONG_BINPUT MEMOIZE",
    120: "LIST EMPTY_LIST",
    240: "DICT EMPTY_DICT EMPTY_SET REDUCE BUILD",
}
"""Instructions that are executed, by the bytes of memory that each takes at most besides those of its argument."""
ENTRY_COST = 100
"""Bytes of memory that an entry of a dictionary or set takes at most."""
NDARRAY = object()
"""Value of the name ``numpy.ndarray``, which numpy's pickles pass on and never call."""


def read_pickle(path: str | Path, data: bytes) -> Any:
    """Return the value of a pickle of builtin containers, numbers, strings, and numpy's numeric arrays and scalars.

    Args:
        path: name of the file in errors.
        data: content of the file.

    Raises:
        InputError: If the pickle holds or calls anything else, is damaged, or would take far more memory than the
            file.
    """
    return load_guarded(SafeUnpickler(path, data))


def load_guarded(unpickler: SafeUnpickler) -> Any:
    """Return the value that an unpickler reads.

    Raises:
        InputError: If the pickle is damaged, or refused.
    """
    try:
        return unpickler.load()
    except InputError:
        raise
    except Exception as error:  # pickle and numpy raise half a dozen kinds for damaged bytes
        must = "be a pickle of plain values"
        fail(f"'{unpickler.path}'", must, f"{type(error).__name__}: {printable(error)}", CURE)


@dataclass
class DType:
    """A type of numbers whose byte order a pickle tells later."""

    value: np.dtype[Any]


class SafeUnpickler(PythonUnpickler):  # type: ignore[misc]
    """Python's unpickler, restricted to plain values and to a memory in proportion to the file.

    Args:
        path: name of the file in errors.
        data: content of the file.
    """

    def __init__(self, path: str | Path, data: bytes) -> None:
        self.stream = BytesIO(data)
        super().__init__(self.stream, encoding="latin-1")  # Python 2 wrote the bytes of arrays as strings
        self.path = path
        self.budget = 6 * len(data) + ALLOWANCE
        self.allowed: dict[str, Any] = {
            "numpy.ndarray": NDARRAY,
            "numpy.dtype": self._dtype,
            "_codecs.encode": self._encode,
        }
        for package in ("builtins", "__builtin__"):
            self.allowed[f"{package}.set"] = self._set
            self.allowed[f"{package}.bytes"] = self.allowed[f"{package}.bytearray"] = self._bytes
        for package in ("numpy.core", "numpy._core"):  # before numpy 2, and since
            self.allowed[f"{package}.multiarray._reconstruct"] = self._reconstruct
            self.allowed[f"{package}.multiarray.scalar"] = self._scalar
            self.allowed[f"{package}.numeric._frombuffer"] = self._frombuffer

    def spend(self, size: int) -> None:
        """Count bytes of memory before they are allocated.

        Raises:
            InputError: If the pickle has taken too much.
        """
        self.budget -= size
        if self.budget < 0:
            fail(f"'{self.path}'", "not hold so many objects for its size", "more", CURE)

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands in for a name; nothing is imported."""
        full_name = f"{module}.{name}"
        if full_name not in self.allowed:
            must = "name numpy arrays and builtin containers only"
            fail(f"'{self.path}'", must, f"'{printable(full_name)}'", CURE)
        return self.allowed[full_name]

    def load_setitem(self) -> None:
        value = self.stack.pop()
        self._update([self.stack.pop(), value])

    def load_setitems(self) -> None:
        self._update(self.pop_mark())

    def load_dict(self) -> None:
        items = self.pop_mark()
        self.append({})
        self._update(items)

    def load_additems(self) -> None:
        items = self.pop_mark()
        set.update(self.stack[-1], self._set(items))

    def load_build(self) -> None:
        state = self.stack.pop()
        match self.stack[-1], state:
            case DType() as dtype, (int(), str() as byte_order, *_):
                dtype.value = dtype.value.newbyteorder(byte_order)  # type: ignore[arg-type]
            case np.ndarray() as array, (int(), tuple() as shape, DType() as dtype, fortran_order, content):
                raw = self._array_bytes(content, dtype, shape)
                array.__setstate__((1, shape, dtype.value, bool(fortran_order), raw))  # type: ignore[arg-type]
            case _:
                fail(f"'{self.path}'", "fill numpy arrays as numpy does", "another state", CURE)

    def _update(self, items: list[Any]) -> None:
        self.spend(ENTRY_COST * (len(items) // 2))
        for key, value in zip(items[::2], items[1::2], strict=True):
            dict.__setitem__(self.stack[-1], self._key(key), value)

    def _set(self, items: list[Any]) -> set[Any]:
        self.spend(ENTRY_COST * len(items))
        return {self._key(item) for item in items}

    def _key(self, key: Any) -> Any:
        """Check that a key has no depth, and that no file can make many of them collide."""
        if not (key is None or isinstance(key, (str, float)) or (isinstance(key, int) and -MAX_KEY < key < MAX_KEY)):
            fail(f"'{self.path}'", "have strings or numbers as keys", type(key).__name__, CURE)
        return key

    def _encode(self, text: str, encoding: str) -> bytes:
        if encoding not in ("latin1", "latin-1"):
            fail(f"'{self.path}'", "encode bytes as numpy does", f"'{printable(encoding, 20)}'", CURE)
        return self._bytes(text)

    def _bytes(self, content: Any = b"") -> bytes:
        """Return bytes; Python 2 wrote them as a string."""
        if not isinstance(content, (bytes, str)):
            raise TypeError(f"{type(content).__name__} instead of bytes")
        if isinstance(content, bytes):
            return content
        self.spend(len(content))
        return content.encode("latin-1")

    def _dtype(self, text: str, *_: Any) -> DType:
        if not NUMERIC_DTYPE.fullmatch(text):
            cure = "save lists of arrays, as list(array)" if text == "O8" else CURE
            fail(f"'{self.path}'", "hold arrays of numbers", f"one of type '{printable(text, 20)}'", cure)
        return DType(np.dtype(text))

    def _reconstruct(self, array_type: object, shape: tuple[int, ...], _: Any) -> np.ndarray:
        """Return an empty array, which BUILD fills."""
        if array_type is not NDARRAY or shape != (0,):
            raise ValueError("an array that is not made as numpy makes it")
        return np.empty(0, np.int8)

    def _scalar(self, dtype: DType, content: Any) -> Any:
        return self._frombuffer(content, dtype, (1,), "C")[0]

    def _frombuffer(self, content: Any, dtype: DType, shape: tuple[int, ...], order: str) -> np.ndarray:
        raw = self._array_bytes(content, dtype, shape)
        if not raw:
            return np.zeros(shape, dtype.value)
        return np.frombuffer(raw, dtype.value).reshape(shape, order=order)  # type: ignore[call-overload,no-any-return]

    def _array_bytes(self, content: Any, dtype: DType, shape: tuple[int, ...]) -> bytes:
        """Return the bytes of an array whose declared shape fits them."""
        raw = self._bytes(content)
        if not isinstance(dtype, DType) or not all(isinstance(size, int) and size >= 0 for size in shape):
            raise TypeError("dtype or shape of an array")
        if len(shape) > 32 or prod(shape) * dtype.value.itemsize != len(raw):
            raise ValueError(f"{len(raw)} bytes for an array of {dtype.value} {list(shape)}")
        self.spend(len(raw))  # numpy copies bytes of the other byte order, each time that a file repeats them
        return raw


def _refuse(unpickler: SafeUnpickler) -> None:
    fail(f"'{unpickler.path}'", "hold plain values only", "an instruction that makes other objects", CURE)


def _with_cost(name: str, size: int) -> Callable[[SafeUnpickler], None]:
    """Return the method that executes an instruction, with its memory counted before."""
    if name == "BYTEARRAY8":  # its own method allocates the length that a file declares
        name = "BINBYTES8"
    load = getattr(SafeUnpickler, PythonUnpickler.dispatch[getattr(pickle, name)[0]].__name__)

    def load_with_cost(unpickler: SafeUnpickler) -> None:
        unpickler.spend(size)
        load(unpickler)

    return load_with_cost


def instructions(costs: Mapping[int, str]) -> dict[int, Callable[[SafeUnpickler], None]]:
    """Return the methods of instructions, by their byte.

    Args:
        costs: names of the instructions, separated by spaces, by the bytes of memory that each takes.
    """
    return {getattr(pickle, name)[0]: _with_cost(name, size) for size, names in costs.items() for name in names.split()}


SafeUnpickler.dispatch = dict.fromkeys(range(256), _refuse) | instructions(COSTS)
