import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.safe_pickle import read_pickle


class Call:
    """Pickles as a call of a function, as an attacker would write it."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol_is_read(protocol: int) -> None:
    array = np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">f4"))
    value = {
        "array": [array, array],
        "empty": np.zeros((3, 0), np.int16),
        "scalars": (np.str_("a"), np.int64(3), np.float64(0.9)),
        "values": ({1}, [True, False, None, b"b", 2**70, -1, 1.5, "é"], bytearray(b"c"), set()),
        0.5: 2,
    }
    result = read_pickle("a.pkl", pickle.dumps(value, protocol=protocol))
    arrays = result.pop("array")
    assert arrays[0] is arrays[1]
    np.testing.assert_array_equal(arrays[0], array)
    assert (result.pop("empty").shape, value.pop("empty").dtype) == ((3, 0), np.int16)
    del value["array"]
    assert result == value


@pytest.mark.parametrize("protocol", [0, 2, 5])
@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Call(exec, "open('/tmp/owned', 'w')"), r"'(builtins|__builtin__)\.exec'"),
        (Call(os.system, "true"), "'posix.system'"),
        (Call(np.load, "x"), r"'numpy\.\S*load'"),
        (Path("x"), r"'pathlib\.\S*PosixPath'"),
        (np.float64, r"'numpy\.float64'"),
        (InputError, r"'triad\.modalities\.checks\.InputError'"),
    ],
)
def test_other_names_are_refused(protocol: int, value: Any, name: str) -> None:
    data = pickle.dumps([{"label": 3}, value], protocol=protocol)
    with pytest.raises(InputError, match=rf"'a\.pkl' must name numpy arrays and builtin containers only, got {name}"):
        read_pickle("a.pkl", data)


COPIES = b"c_codecs\nencode\n(h\x00U\x06latin1tR" * 99  # of a megabyte, each in a few bytes
ENCODE = b"c_codecs\nencode\n(X\x01\x00\x00\x00aU\x04zliptR."
STATE = b"cnumpy\ndtype\n(U\x02f4tR}b."
EMPTY_TEXT = b"cnumpy.core.numeric\n_frombuffer\n(C\x00cnumpy\ndtype\n(U\x02U0tR(J\x00\xca\x9a;tU\x01CtR."
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(J\x00\xca\x9a;tU\x01btR."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x80\x04]", "be a pickle of plain values, got EOFError"),
        (b"\x80\x04.", "be a pickle of plain values, got IndexError"),
        (b"hello", "be a pickle of plain values, got UnpicklingError: Memo value not found at index 101"),
        (b"cnumpy\ndtype\n(U\x02O8tR.", "hold arrays of numbers, got one of type 'O8'"),
        (b"cnumpy\ndtype\n(U\x0bV1000000000tR.", "hold arrays of numbers, got one of type 'V1000000000'"),
        (EMPTY_TEXT, "hold arrays of numbers, got one of type 'U0'"),
        (ENCODE, "encode bytes as numpy does, got 'zlip'"),
        (b"cnumpy\nndarray\n(J\x00\xca\x9a;tR.", "be a pickle of plain values, got TypeError"),
        (RECONSTRUCT, "got ValueError: an array that is not made as numpy makes it"),
        (b"cbuiltins\nbytearray\n(J\x00\xca\x9a;tR.", "got TypeError: int instead of bytes"),
        (b"\x8e\xff\xff\xff\xff\x00\x00\x00\x00abc.", "be a pickle of plain values, got EOFError"),
        (b"\x96\xff\xff\xff\xff\x00\x00\x00\x00abc.", "be a pickle of plain values, got EOFError"),
        (b"}(]K\x01u.", "have strings or numbers as keys, got list"),
        (b"}()K\x01u.", "have strings or numbers as keys, got tuple"),
        (b"}N" + b"\x85" * 50_000 + b"K\x01s.", "have strings or numbers as keys, got tuple"),  # too deep to hash
        (b"\x8f()\x90.", "have strings or numbers as keys, got tuple"),
        (b"}" + pickle.dumps(1 << 60)[2:-1] + b"K\x01s.", "have strings or numbers as keys, got int"),
        (b"}]b.", "fill numpy arrays as numpy does, got another state"),
        (STATE, "fill numpy arrays as numpy does, got another state"),
        (b"cnumpy\ndtype\n}(U\x04nameK\x01ub.", "fill numpy arrays as numpy does, got another state"),
        (b"(i__main__\nX\n.", "hold plain values only, got an instruction that makes other objects"),
        (b"X\x01\x00\x00\x00a\x8b\x00\x00\x00\x00R.", "be a pickle of plain values, got TypeError"),
        (b"Pid\n.", "hold plain values only, got an instruction that makes other objects"),
        (b"]" * 200_000, "not hold so many objects for its size, got more"),
        (b"X\x00\x00\x10\x00" + b"a" * (1 << 20) + b"q\x00" + COPIES, "not hold so many objects for its size"),
    ],
)
def test_hostile_pickles_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=rf"'a\.pkl' must .*{message}"):
        read_pickle("a.pkl", data)


def test_repeated_copies_of_bytes_are_counted() -> None:
    """NumPy copies the bytes of an array whose byte order is not the machine's."""
    content = b"B\x00\x00\x10\x00" + bytes(1 << 20) + b"q\x00"
    dtype = b"cnumpy\ndtype\n(U\x02f8tR(K\x03U\x01>NNNtbq\x01"
    shape = b"J\x00\x00\x02\x00\x85q\x02"
    array = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01h\x02h\x01I00\nh\x00tb"
    assert read_pickle("a.pkl", content + dtype + shape + array + b".").shape == (1 << 17,)
    with pytest.raises(InputError, match="not hold so many objects for its size"):
        read_pickle("a.pkl", content + dtype + shape + b"](" + array * 99 + b"e.")


def test_large_memo_index_takes_no_memory() -> None:
    assert read_pickle("a.pkl", b"}r\xff\xff\xff\x3f.") == {}


def test_wrong_array_sizes_are_refused() -> None:
    data = pickle.dumps(np.zeros((2, 3), np.float32), protocol=2)
    larger = data.replace(b"K\x02K\x03\x86", b"K\x02K\xff\x86")
    assert larger != data
    with pytest.raises(InputError, match=r"got ValueError: 24 bytes for an array of float32 \[2, 255\]"):
        read_pickle("a.pkl", larger)
