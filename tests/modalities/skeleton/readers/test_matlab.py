import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers.matlab import read_matrix

VALUES = np.arange(20 * 3 * 4, dtype=np.float64).reshape(20, 3, 4) + 1
HEADER = b" " * 124 + b"\x00\x01IM"


def save(variables: dict[str, Any], **options: Any) -> bytes:
    file = BytesIO()
    savemat(file, variables, **options)
    return file.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int16", "uint8"])
def test_numbers_become_float32(compressed: bool, dtype: str) -> None:
    data = save({"other": "text", "x": VALUES.astype(dtype)}, do_compression=compressed)
    matrix = read_matrix("a.mat", data, "x")
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, VALUES.astype(dtype))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (save({"y": VALUES}), r"'a\.mat' must hold the variable x, got y"),
        (save({"x": {"cell": 1}}), r"at byte \d+ must hold numbers in x, got an array of class 2"),
        (b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM", "must hold the variable x, got none"),
        (b"MATLAB 7.3 MAT-file".ljust(200), "must be a MATLAB 5 file, got version 7.3"),
        (bytes(200), "must be a MATLAB 5 file, got another kind of file; save it with '-v7' in MATLAB"),
    ],
)
def test_other_files_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_matrix("a.mat", data, "x")


def test_declared_sizes_are_checked() -> None:
    data = save({"x": VALUES})
    offset = data.index(struct.pack("<iii", 20, 3, 4))
    larger = data[:offset] + struct.pack("<iii", 20, 3, 1_000_000_000) + data[offset + 12 :]
    message = r"at byte \d+ must hold \[20, 3, 1000000000\] numbers of x, got 1920 bytes"
    with pytest.raises(InputError, match=message):
        read_matrix("a.mat", larger, "x")
    longer = data[:132] + struct.pack("<I", 1 << 31) + data[136:]
    with pytest.raises(InputError, match="at byte 128 must hold a MATLAB element that ends, got one of 2147483648"):
        read_matrix("a.mat", longer, "x")


def test_compression_bombs_are_refused() -> None:
    bomb = zlib.compress(bytes(100 << 20), 9)
    with pytest.raises(InputError, match=r"the element at byte 128 must take at most \d+ bytes"):
        read_matrix("a.mat", HEADER + struct.pack("<II", 15, len(bomb)) + bomb, "x")


def test_damaged_compression_names_the_byte() -> None:
    element = b"no zlib stream  "
    with pytest.raises(InputError, match="at byte 128 must hold a compressed element, got Error"):
        read_matrix("a.mat", HEADER + struct.pack("<II", 15, len(element)) + element, "x")
