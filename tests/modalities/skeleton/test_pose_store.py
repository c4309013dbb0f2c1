"""A store gives back what was put in, clip by clip; what does not fit is refused whole, and damage is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modalities.checks import InputError
from modalities.skeleton.pose_store import PoseStore
from modalities.skeleton.pose_store_writer import write_store
from modalities.skeleton.poses import Poses


def poses(first: float, *, persons: int = 1, num: int = 3, pixels: float | None = None) -> Poses:
    """Joint values count up from ``first``."""
    shape = (persons, num, 15)
    keypoints = first + np.arange(np.prod(shape) * 3, dtype=np.float32).reshape(*shape, 3)
    lie = None if pixels is None else np.full((*shape, 2), pixels, np.float32)
    return Poses(keypoints, np.full(shape, 0.5, np.float32), "florence15", lie)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with write_store(tmp_path / "s.safetensors", layout="florence15") as store:
        assert [store.add("one", poses(0)), store.add("zwei ü", poses(100, persons=2, num=2))] == [0, 1]
    return tmp_path / "s.safetensors"


def test_what_was_put_in_is_read_back(path):
    store = PoseStore(path)
    assert (len(store), store.ids, store.num(1), store.layout.name) == (2, ["one", "zwei ü"], 2, "florence15")
    for number, written in enumerate([poses(0), poses(100, persons=2, num=2)]):
        read = store.read(number)
        np.testing.assert_array_equal(read.keypoints, written.keypoints)
        np.testing.assert_array_equal(read.scores, written.scores)
        assert read.pixels is None
    np.testing.assert_array_equal(store.read(0, np.array([2, 0, 2])).keypoints, poses(0).keypoints[:, [2, 0, 2]])
    assert [file.name for file in path.parent.iterdir()] == ["s.safetensors"]


def test_a_clip_that_is_refused_leaves_no_rows(tmp_path):
    """Half of it in the files would shift all clips after it."""
    with write_store(tmp_path / "s.safetensors", layout="florence15", dtype="float16") as store:
        store.add("a", poses(0, pixels=1))
        with pytest.raises(InputError, match="pixels of clip 'b' must be at most 65504 as float16 allows, got 70000"):
            store.add("b", poses(100, pixels=70000))
        assert store.add("c", poses(200, pixels=2)) == 1
    store = PoseStore(tmp_path / "s.safetensors")
    assert store.ids == ["a", "c"]
    np.testing.assert_array_equal(store.read(1).keypoints, poses(200).keypoints)
    np.testing.assert_array_equal(store.read(1).pixels, poses(200, pixels=2).pixels)


@pytest.mark.parametrize(
    ("clip", "given", "message"),
    [
        ("a", poses(0), "id of a clip must not be taken, got 'a'"),
        ("a\nb", poses(0), r"id of a clip must be one line, got 'a\\nb'"),
        ("", poses(0), "id of a clip must be one line, got ''"),
        ("b", poses(0, pixels=1), "clip 'b' must have keypoints, scores as the clips before it, got keypoints, scores"),
        ("b", Poses(np.zeros((1, 1, 17, 2), "f4"), np.ones((1, 1, 17), "f4"), "coco17"), "be 'florence15' as the"),
    ],
)
def test_a_clip_that_does_not_fit(tmp_path, clip, given, message):
    with write_store(tmp_path / "s.safetensors", layout="florence15") as store:
        store.add("a", poses(0))
        with pytest.raises(InputError, match=message):
            store.add(clip, given)
    assert PoseStore(tmp_path / "s.safetensors").ids == ["a"]


def write_nothing(path: Path) -> None:
    with write_store(path, layout="florence15"):
        pass


def test_no_clips_are_no_store(tmp_path):
    with pytest.raises(InputError, match=r"skeleton store '.*s.safetensors' must have clips, got none"):
        write_nothing(tmp_path / "s.safetensors")
    assert not list(tmp_path.iterdir())


def change(path: Path, how: Callable[[dict[str, Any], bytearray], Any]) -> None:
    """Rewrite header and content of a safetensors file."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header, body = json.loads(content[8 : 8 + size]), bytearray(content[8 + size :])
    how(header, body)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(body))


def put(name: str, value: bytes) -> Callable[[dict[str, Any], bytearray], Any]:
    """Overwrite the first bytes of an array."""

    def do(header: dict[str, Any], body: bytearray) -> None:
        begin = header[name]["data_offsets"][0]
        body[begin : begin + len(value)] = value

    return do


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda header, _: header.pop("__metadata__"), r"must be of format triad-poses-1, got \[\]"),
        (
            lambda header, _: header.update(__metadata__={"triad-poses-1": "florence"}),
            r"layout of skeleton store '.*s.safetensors' must be one of .*, got 'florence' \(did you mean 'florence15'",
        ),
        (
            lambda header, _: header["keypoints"].update(dtype="I32"),
            r"keypoints of skeleton store '.*' must be float16 or float32, got int32; prepare",
        ),
        (
            lambda header, _: header["persons"].update(dtype="F16"),
            r"persons of skeleton store '.*' must be uint16, got float16; prepare",
        ),
        (
            lambda header, _: header["num"].update(dtype="F32"),
            r"num of skeleton store '.*' must be int32, got float32; prepare",
        ),
        (put("first", b"\1"), "must hold its clips one after the other, got gaps or overlaps; prepare"),
        (put("ids", b"\xff"), "ids of skeleton store '.*s.safetensors' must be UTF-8, got .*; prepare"),
        (put("ids", b"one1"), "must have an id a clip, got 1 for 2; prepare"),
    ],
)
def test_damage_is_named(path, how, message):
    change(path, how)
    with pytest.raises(InputError, match=message):
        PoseStore(path).ids  # noqa: B018


@pytest.mark.parametrize("content", [b"", b"{}", bytes(9), b"\xff" * 40])
def test_other_files_are_no_store(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"skeleton store .*'.*s.safetensors'"):
        PoseStore(path)


def test_what_a_killed_writer_left_is_removed_and_a_living_one_stays(tmp_path):
    left = [tmp_path / ".poses.dead/keypoints", tmp_path / ".skeleton.0123abcd.partial.safetensors"]
    left[0].parent.mkdir()
    for path in left:
        path.write_bytes(bytes(8))
    with write_store(tmp_path / "skeleton.safetensors", layout="florence15") as store:
        assert not left[0].parent.exists()
        assert not left[1].exists()
        (living,) = tmp_path.glob(".poses.*")
        with write_store(tmp_path / "other.safetensors", layout="florence15") as other:
            other.add("b", poses(0))
        assert [path.name for path in tmp_path.glob(".poses.*")] == [living.name]
        store.add("a", poses(0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.safetensors", "skeleton.safetensors"]
