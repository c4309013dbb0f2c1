"""Pickles of numbers, read without Python's unpickler: nothing is imported, called, or taken on a declared size.

A pickle is a program for a small machine with a stack and a memo; ``pickletools`` takes it apart. This machine knows
the instructions that build numbers, strings, lists, tuples, dictionaries, sets, and numpy's arrays and scalars.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from modalities.checks import InputError, fail
from modalities.skeleton.readers.files import ALLOWANCE, CURE, shown
from modalities.skeleton.readers.numpy_pickle import DTYPE, GLOBALS, Global, Type, Unfilled, make_array

_BIG = 1 << 60  # an integer key's hash is itself below this, so that no file can make all keys collide


_MARK = object()


def read_plain_pickle(path: str | Path, data: bytes) -> Any:
    """What a pickle holds, if that is builtin containers, numbers, strings and numpy's numeric arrays and scalars.

    Raises:
        InputError: naming the byte, if it holds or calls anything else, is damaged, or would become much larger than
            the file.
    """
    machine = _Machine(path, 6 * len(data) + ALLOWANCE)
    try:
        for opcode, argument, place in pickletools.genops(data):
            machine.place = place or 0
            if opcode.name == "STOP":
                return machine.pop()
            machine.step(opcode.name, argument)
    except InputError:
        raise
    except RecursionError:
        machine.fail("be a pickle of plain values", "one that is nested too deep")
    except Exception as error:  # what pickletools, numpy and the stack raise for damaged bytes
        machine.fail("be a pickle of plain values", f"{type(error).__name__}: {shown(error)}")
    machine.fail("be a pickle that ends", "no end")


class _Machine:
    def __init__(self, path: str | Path, room: int) -> None:
        self.path, self.room, self.place = path, room, 0
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def fail(self, must: str, got: object) -> NoReturn:
        fail(f"'{self.path}' at byte {self.place}", must, got, CURE)

    def step(self, name: str, argument: Any) -> None:
        self.take(_COSTS.get(name, 40))
        if name in _VALUES:
            make = _VALUES[name]
            self.stack.append(make() if make else argument)
        elif name in _STEPS:
            _STEPS[name](self, argument)
        else:
            self.fail("hold plain values only", f"the instruction {name}")

    def take(self, size: int) -> None:
        """Count memory, before it is taken."""
        self.room -= size
        if self.room < 0:
            self.fail("not hold so many objects for its size", "more")

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise ValueError("a mark where a value should be")
        return value

    def pop_to_mark(self) -> list[Any]:
        start = len(self.stack)
        while start and self.stack[start - 1] is not _MARK:
            start -= 1
        if not start:
            raise ValueError("no mark")
        values = self.stack[start:]
        del self.stack[start - 1 :]
        return values

    def top(self, kind: type) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise TypeError(f"{type(self.stack[-1]).__name__} where {kind.__name__} should be")
        return self.stack[-1]

    def put(self, key: int) -> None:
        value = self.stack[-1]
        if isinstance(value, Unfilled):
            value.memos.append(key)
        self.memo[key] = value

    def key(self, key: Any) -> Any:
        """A key or member that cannot be made to collide with others, and has no depth."""
        if not (key is None or isinstance(key, (str, float)) or (isinstance(key, int) and -_BIG < key < _BIG)):
            self.fail("have strings or numbers as keys", type(key).__name__)
        return key

    def dictionary(self, items: list[Any]) -> dict[Any, Any]:
        self.take(30 * len(items))
        return {self.key(key): value for key, value in zip(items[::2], items[1::2], strict=True)}

    def update(self, items: list[Any]) -> None:
        self.top(dict).update(self.dictionary(items))

    def extend(self, values: list[Any]) -> None:
        self.top(list).extend(values)

    def add(self, values: list[Any]) -> None:
        self.top(set).update(self.members(values))

    def members(self, values: list[Any]) -> set[Any]:
        self.take(60 * len(values))
        return {self.key(value) for value in values}

    def content(self, raw: Any) -> Any:
        """Bytes, also where Python 2, which had none, wrote a string."""
        if isinstance(raw, str):
            self.take(len(raw))
            return raw.encode("latin-1")
        return raw

    def global_(self, name: str) -> None:
        if name not in GLOBALS:
            self.fail("name numpy arrays and builtin containers only", f"'{shown(name)}'")
        self.stack.append(Global(GLOBALS[name]))

    def stack_global(self) -> None:
        name, module = self.pop(), self.pop()
        self.global_(f"{module}.{name}")

    def reduce(self) -> None:
        arguments, function = self.pop(), self.pop()
        if not isinstance(function, Global) or not isinstance(arguments, tuple):
            raise TypeError("a call of what is no function")
        match (str(function), *arguments):
            case ("_reconstruct", Global(), (0,), _):
                self.stack.append(Unfilled())
            case ("scalar", Type() as kind, raw):
                (value,) = make_array(self.content(raw), kind, (1,), "C")
                self.stack.append(value)
            case ("_frombuffer", raw, Type() as kind, tuple() as shape, str() as order):
                self.stack.append(make_array(self.content(raw), kind, shape, order))
            case ("dtype", str() as text, *_) if DTYPE.fullmatch(text):
                self.stack.append(Type(np.dtype(text)))
            case ("dtype", str() as text, *_):
                self.fail("hold arrays of numbers", f"one of type {shown(text, 20)!r}")
            case ("encode", str() as text, str() as encoding) if encoding in ("latin1", "latin-1"):
                self.stack.append(self.content(text))
            case ("bytearray", bytes() as raw):
                self.stack.append(raw)
            case ("set", list() as members):
                self.stack.append(self.members(members))
            case _:
                self.fail("call numpy as numpy's own pickles do", str(function))

    def build(self) -> None:
        state = self.pop()
        match self.stack[-1], state:
            case Type() as kind, (int(), str() as order, *_):
                kind.dtype = kind.dtype.newbyteorder(order)  # type: ignore[arg-type]
            case Unfilled() as unfilled, (int(), tuple() as shape, Type() as kind, fortran, raw):
                self.stack[-1] = make_array(self.content(raw), kind, shape, "F" if fortran else "C")
                self.memo.update((key, self.stack[-1]) for key in unfilled.memos)
            case _:
                self.fail("fill numpy arrays as numpy's own pickles do", "another state")


_VALUES: dict[str, Callable[[], Any] | None] = {
    **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT")),
    **dict.fromkeys(("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE")),
    **dict.fromkeys(("BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8")),
    **{"NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False, "MARK": lambda: _MARK},
    **{"EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "EMPTY_DICT": dict, "EMPTY_SET": set},
}
"""Instructions that put a value on the stack: their argument, or what is made."""

_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": lambda m, _: None,
    "FRAME": lambda m, _: None,
    "POP": lambda m, _: m.stack.pop(),
    "POP_MARK": lambda m, _: m.pop_to_mark().clear(),
    "DUP": lambda m, _: m.stack.append(m.stack[-1]),
    "LIST": lambda m, _: m.stack.append(m.pop_to_mark()),
    "TUPLE": lambda m, _: m.stack.append(tuple(m.pop_to_mark())),
    "TUPLE1": lambda m, _: m.stack.append((m.pop(),)),
    "TUPLE2": lambda m, _: m.stack.append((m.pop(), m.pop())[::-1]),
    "TUPLE3": lambda m, _: m.stack.append((m.pop(), m.pop(), m.pop())[::-1]),
    "DICT": lambda m, _: m.stack.append(m.dictionary(m.pop_to_mark())),
    "APPEND": lambda m, _: m.extend([m.pop()]),
    "APPENDS": lambda m, _: m.extend(m.pop_to_mark()),
    "SETITEM": lambda m, _: m.update([m.pop(), m.pop()][::-1]),
    "SETITEMS": lambda m, _: m.update(m.pop_to_mark()),
    "ADDITEMS": lambda m, _: m.add(m.pop_to_mark()),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), lambda m, key: m.stack.append(m.memo[key])),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), lambda m, key: m.put(key)),
    "MEMOIZE": lambda m, _: m.put(len(m.memo)),
    "GLOBAL": lambda m, name: m.global_(name.replace(" ", ".", 1)),
    "STACK_GLOBAL": lambda m, _: m.stack_global(),
    "REDUCE": lambda m, _: m.reduce(),
    "BUILD": lambda m, _: m.build(),
}
_COSTS = {
    **{"EMPTY_LIST": 120, "LIST": 120, "EMPTY_DICT": 240, "DICT": 240, "EMPTY_SET": 240, "REDUCE": 200, "BUILD": 200},
    **{"SETITEM": 60, "PROTO": 0, "FRAME": 0, "POP": 0, "POP_MARK": 0, "APPENDS": 0, "SETITEMS": 0, "APPEND": 8},
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), 60),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET", "DUP", "NONE", "NEWTRUE", "NEWFALSE", "BININT1", "MARK"), 8),
    **dict.fromkeys(
        ("TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "SHORT_BINUNICODE", "SHORT_BINBYTES", "SHORT_BINSTRING"), 80
    ),
}
"""About the bytes an instruction takes besides its argument's; 40 where it is not listed."""
