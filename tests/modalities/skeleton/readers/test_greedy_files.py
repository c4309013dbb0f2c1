"""Files made to fill the memory: far more objects, frames or bytes than their size can mean."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat
from skeleton_readers import READERS, check


def make_mat(element: bytes, kind: int = 15) -> bytes:
    return b" " * 124 + b"\x00\x01IM" + struct.pack("<II", kind, len(element)) + element


def save(write: Callable[..., None], *values: Any, **options: Any) -> bytes:
    file = BytesIO()
    write(file, *values, **options)
    return file.getvalue()


MANY = 1 << 16
BODY = "1 0 0 0 0 0 0 0 0 0\n25\n" + "1 1 1 1 1 1 1 1 1 1 1 2\n" * 25
GREEDY: list[tuple[str, Callable[[], bytes]]] = [
    ("nucla", lambda: b"[" * 4 * MANY),
    ("nucla", lambda: b'{"skeletons": [' + b"[[]," * MANY),
    ("nucla", lambda: b'{"skeletons": [' + (b"[" + b"[1,1,1]," * 19 + b"[1,1,1]],") * 2000),
    ("nucla", lambda: b'{"x": ' + b"[" * 4 * MANY + b"]" * 4 * MANY + b"}"),
    ("nucla", lambda: b'{"x": "' + b'\\"' * 2 * MANY),
    ("nucla", lambda: b'{"x": "' + b"\\" * 4 * MANY),
    ("nucla", lambda: b" " * 4 * MANY),
    ("nucla", lambda: b'{"' + b"a" * 4 * MANY + b'": 1}'),
    ("lcrnet", lambda: b'{"frames": [' + b"[]," * MANY + b"[]]}"),
    ("lcrnet", lambda: b'{"frames": [[{"pose3d": [' + b"1," * 38 + b"1]}]," + b"[]," * MANY + b"[]]}"),
    ("lcrnet", lambda: b'{"frames": [[' + (b'{"pose3d":[' + b"1," * 38 + b"1]},") * 2000),
    ("lcrnet", lambda: b'{"frames": [' + (b'[{"pose3d":[' + b"1," * 38 + b"1]}],") * 8000 + b"[]]}"),
    ("lcrnet", lambda: b'{"frames": [[{"pose3d": [' + b"1," * 2 * MANY),
    ("lcrnet", lambda: b'{"njts": ' + b"1" * 4 * MANY + b"}"),
    ("kinetics", lambda: b'{"data": [' + b'{"frame_index":1},' * MANY),
    ("kinetics", lambda: b'{"data": [{"skeleton": [' + b"{}," * MANY),
    ("florence", lambda: b"1 " * 2 * MANY),
    ("florence", lambda: b"\n" * 4 * MANY),
    ("florence", lambda: b"1 1 1\n" * 15 * 4000),
    ("pku", lambda: (b"1 " * 150 + b"\n") * 1000),
    ("pku", lambda: b"1" * 4 * MANY),
    ("ntu", lambda: b"1000000000\n" + b"0\n" * MANY),
    ("ntu", lambda: f"{4 * MANY}\n1\n{BODY}".encode() + b"0\n" * (4 * MANY - 1)),
    ("ntu", lambda: b"1000\n" + f"1\n{BODY}".encode() * 1000),
    ("ntu", lambda: b"9" * 4 * MANY),
    ("utd", lambda: make_mat(zlib.compress(bytes(100 << 20), 9))),
    ("utd", lambda: make_mat(b"\x00" * 8 * MANY, kind=14)),
    ("utd", lambda: b" " * 124 + b"\x00\x01IM" + bytes(8) * MANY),
    ("utd", lambda: save(savemat, {"d_skel": np.ones((20, 3, MANY // 4), np.uint8)})),
    ("utd", lambda: save(savemat, {"d_skel": np.ones((20, 3, MANY // 8))}, do_compression=True)),
    ("npz", lambda: save(np.savez, keypoints=np.ones((1, MANY, 17, 2), np.int8))),
    ("npz", lambda: save(np.savez, keypoints=np.ones((1, MANY // 4, 17, 2), np.float16))),
    ("npz", lambda: save(np.savez_compressed, keypoints=np.ones((1, 4 * MANY, 17, 2), np.float32))),
    ("npz", lambda: b"PK\x01\x02" * MANY + b"PK\x05\x06" + bytes(18)),
    ("annotations", lambda: b"]" * 4 * MANY),
    ("annotations", lambda: b"}" * 4 * MANY),
    ("annotations", lambda: b"N" * 4 * MANY + b"."),
    ("annotations", lambda: b"N\x94" * 2 * MANY + b"."),
    ("annotations", lambda: b"](" + b"K\x01" * 2 * MANY + b"e."),
    ("annotations", lambda: b"}(" + b"".join(b"M" + struct.pack("<H", n % 65536) + b"N" for n in range(MANY)) + b"u."),
    ("annotations", lambda: b"N" + b"\x85" * 4 * MANY + b"."),
    ("annotations", lambda: b"(" * 4 * MANY + b"l" * 4 * MANY + b"."),
    ("annotations", lambda: b"J\x00\x00\x00\x01\x94" + b"h\x00h\x00\x86" * MANY + b"."),
    ("annotations", lambda: b"\x8e" + struct.pack("<Q", 1 << 40) + b"abc"),
    ("annotations", lambda: b"L" + b"9" * 4 * MANY + b"L\n."),
]


@pytest.mark.parametrize("number", range(len(GREEDY)), ids=lambda number: f"{GREEDY[number][0]}{number}")
def test_memory_stays_in_proportion(number: int, tmp_path: Path) -> None:
    name, make = GREEDY[number]
    check(READERS[name][0], tmp_path / "clip", make())
