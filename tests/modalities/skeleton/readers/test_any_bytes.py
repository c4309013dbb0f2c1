"""Any bytes give every reader valid poses or an error that names the file, in bounded memory."""

import json
import pickle
import struct
import time
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skeleton_readers import READERS, check

DEADLINE = 20  # seconds that a file may take
PIECES = [
    *b"1000000000 -1 0 NaN -Infinity 1e999 null true 1_0 0x10 1.#IND [ ] { } , : ( ) . R b [[[[[[ }u.".split(b" "),
    *(b'"', b"\\", b"\n", b"\r", b" ", b"\t", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"9" * 400),
    *(b"]q\x00", b"\x8c\x02O8", b"cos\nsystem\n", b"PK\x01\x02", b"PK\x05\x06"),
    *(struct.pack("<I", 2**31), struct.pack("<I", 2**32 - 1), struct.pack("<Q", 2**63), struct.pack("<d", 1e300)),
]


def mutate(seeds: list[bytes], number: int) -> bytes:
    """Return a valid file with some bytes changed, cut out, repeated, or replaced by what hurts parsers."""
    random = Random(number)
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at = random.randrange(len(data) + 1)
        length = random.choice((1, 1, 2, 4, 8, 30, 300))
        match random.randrange(7):
            case 0:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * random.choice((1, 1, 9))
            case 3:
                data[at:at] = random.choice(PIECES)
            case 4:
                piece = random.choice(PIECES)
                data[at : at + len(piece)] = piece
            case 5:
                del data[at:]
            case 6:
                words = data.split(b" ")  # of text: exchange a whole number
                words[random.randrange(len(words))] = random.choice(PIECES)
                data = bytearray(b" ".join(words))
    return bytes(data)


KEYS = st.sampled_from(
    [
        *("skeletons", "frames", "njts", "pose3d", "pose2d", "cumscore", "data", "skeleton", "frame_index", "pose"),
        *("annotations", "split", "keypoint", "keypoint_score", "total_frames", "frame_dir", "label", "img_shape"),
        *("people", "pose_keypoints_2d", "image_id", "keypoints", "idx", "images", "pose_landmarks", "x", "y"),
        *("bodies", "joint_positions", "joints", "body_id", "timestamp_usec", "frame_id"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
TREES = st.recursive(LEAVES, lambda children: st.lists(children) | st.dictionaries(KEYS, children), max_leaves=15)


def writer_of(name: str) -> Callable[[Any], bytes]:
    """Return the function that writes trees as files of a format's kind."""
    return pickle.dumps if name == "annotations" else lambda tree: json.dumps(tree).encode()


def bytes_for(name: str, seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Return mutations of valid files and, one time in four, other trees of the same kind or any bytes."""
    mutations = st.integers(0, 2**64 - 1).map(lambda number: mutate(seeds, number))
    return st.one_of(*[mutations] * 6, TREES.map(writer_of(name)), st.binary(max_size=200))


@cache
def draw_values(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Return values of a strategy, drawn once for all readers: a tree takes longer to draw than to read."""
    values: list[Any] = []

    @settings(max_examples=count, deadline=None, database=None, derandomize=True)
    @given(value=strategy)
    def collect(value: Any) -> None:
        values.append(value)

    collect()
    return values


@pytest.mark.parametrize("name", READERS)
def test_unchanged_files_are_read(name: str, tmp_path: Path) -> None:
    read, seeds = READERS[name]
    for seed in seeds:
        (tmp_path / "clip").write_bytes(seed)
        assert read(tmp_path / "clip")


@pytest.mark.parametrize("name", READERS)
def test_any_bytes(name: str, tmp_path: Path) -> None:
    read, seeds = READERS[name]

    @settings(max_examples=300, deadline=1000 * DEADLINE, database=None, derandomize=True)
    @given(content=bytes_for(name, seeds))
    def case(content: bytes) -> None:
        check(read, tmp_path / "clip", content)

    case()


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_many_more_bytes(name: str, tmp_path: Path) -> None:
    read, seeds = READERS[name]
    write = writer_of(name)
    mutations = (mutate(seeds, number) for number in range(20_000))
    trees = (write(tree) for tree in draw_values(TREES, 2_500))
    for number, content in enumerate(chain(mutations, trees, draw_values(st.binary(max_size=200), 2_500))):
        start = time.perf_counter()
        try:
            check(read, tmp_path / "clip", content)
            assert time.perf_counter() - start < DEADLINE
        except Exception as error:
            error.add_note(f"file {number}: {content[:2000]!r}")
            raise
