from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counted_poses import count_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton import PoseStore, write_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with write_store(tmp_path / "s.safetensors", layout="florence15") as store:
        assert [store.add("one", count_poses(0)), store.add("zwei ü", count_poses(100, persons=2, num=2))] == [0, 1]
    return tmp_path / "s.safetensors"


def test_clips_are_read_back(path):
    store = PoseStore(path)
    assert (len(store), store.ids, store.num(1), store.layout.name) == (2, ["one", "zwei ü"], 2, "florence15")
    for number, written in enumerate([count_poses(0), count_poses(100, persons=2, num=2)]):
        poses = store.read(number)
        np.testing.assert_array_equal(poses.keypoints, written.keypoints)
        np.testing.assert_array_equal(poses.scores, written.scores)
        assert poses.pixels is None
    np.testing.assert_array_equal(store.read(0, np.array([2, 0, 2])).keypoints, count_poses(0).keypoints[:, [2, 0, 2]])
    assert [file.name for file in path.parent.iterdir()] == ["s.safetensors"]


def edit_store(path: Path, edit: Callable[[dict[str, Any], bytearray], Any]) -> None:
    """Rewrite header and content of a safetensors file."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    body = bytearray(content[8 + size :])
    edit(header, body)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(body))


def overwrite(name: str, value: bytes) -> Callable[[dict[str, Any], bytearray], Any]:
    """Overwrite the first bytes of an array."""

    def edit(header: dict[str, Any], body: bytearray) -> None:
        begin = header[name]["data_offsets"][0]
        body[begin : begin + len(value)] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "message"),
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
        (overwrite("first", b"\1"), "must hold its clips one after the other, got gaps or overlaps; prepare"),
        (overwrite("ids", b"\xff"), "ids of skeleton store '.*s.safetensors' must be UTF-8, got .*; prepare"),
        (overwrite("ids", b"one1"), "must have an id a clip, got 1 for 2; prepare"),
    ],
)
def test_damage_is_named(path, edit, message):
    edit_store(path, edit)
    with pytest.raises(InputError, match=message):
        PoseStore(path).ids  # noqa: B018


@pytest.mark.parametrize("content", [b"", b"{}", bytes(9), b"\xff" * 40])
def test_other_files_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"skeleton store .*'.*s.safetensors'"):
        PoseStore(path)
