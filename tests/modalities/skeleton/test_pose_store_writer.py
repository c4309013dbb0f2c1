from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from counted_poses import count_poses

from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, PoseStore, write_store
from triad.modalities.skeleton.pose_store_writer import PARTS


def test_refused_clip_leaves_no_rows(tmp_path):
    """Half of a clip in the files would shift all clips after it."""
    with write_store(tmp_path / "s.safetensors", layout="florence15", dtype="float16") as store:
        store.add("a", count_poses(0, pixels=1))
        with pytest.raises(InputError, match="pixels of clip 'b' must be at most 65504 as float16 allows, got 70000"):
            store.add("b", count_poses(100, pixels=70000))
        assert store.add("c", count_poses(200, pixels=2)) == 1
    store = PoseStore(tmp_path / "s.safetensors")
    assert store.ids == ["a", "c"]
    np.testing.assert_array_equal(store.read(1).keypoints, count_poses(200).keypoints)
    np.testing.assert_array_equal(store.read(1).pixels, count_poses(200, pixels=2).pixels)


@pytest.mark.parametrize(
    ("clip", "poses", "message"),
    [
        ("a", count_poses(0), "id of a clip must not be taken, got 'a'"),
        ("a\nb", count_poses(0), r"id of a clip must be one line, got 'a\\nb'"),
        ("", count_poses(0), "id of a clip must be one line, got ''"),
        (
            "b",
            count_poses(0, pixels=1),
            "must have keypoints, scores as the clips before it, got keypoints, scores",
        ),
        ("b", Poses(np.zeros((1, 1, 17, 2), "f4"), np.ones((1, 1, 17), "f4"), "coco17"), "be 'florence15' as the"),
    ],
)
def test_unfit_clips_are_refused(tmp_path, clip, poses, message):
    with write_store(tmp_path / "s.safetensors", layout="florence15") as store:
        store.add("a", count_poses(0))
        with pytest.raises(InputError, match=message):
            store.add(clip, poses)
    assert PoseStore(tmp_path / "s.safetensors").ids == ["a"]


def write_nothing(path: Path) -> None:
    with write_store(path, layout="florence15"):
        pass


def test_empty_store_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"skeleton store '.*s.safetensors' must have clips, got none"):
        write_nothing(tmp_path / "s.safetensors")
    assert not list(tmp_path.iterdir())


def test_abandoned_files_are_removed(tmp_path):
    abandoned = [tmp_path / ".poses.dead/keypoints", tmp_path / ".skeleton.0123abcd.partial.safetensors"]
    abandoned[0].parent.mkdir()
    for path in abandoned:
        path.write_bytes(bytes(8))
    with write_store(tmp_path / "skeleton.safetensors", layout="florence15") as store:
        assert not abandoned[0].parent.exists()
        assert not abandoned[1].exists()
        (active,) = tmp_path.glob(".poses.*")
        with write_store(tmp_path / "other.safetensors", layout="florence15") as other:
            other.add("b", count_poses(0))
        assert [path.name for path in tmp_path.glob(".poses.*")] == [active.name]
        store.add("a", count_poses(0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.safetensors", "skeleton.safetensors"]


def test_library_writes_in_swept_folder(tmp_path, monkeypatch):
    """safetensors writes to a file of a name of its own first, which nobody would remove."""
    import safetensors.torch

    folders = []
    save_file = safetensors.torch.save_file

    def save(tensors, path, **options):
        folders.append(path.parent.name)
        save_file(tensors, path, **options)

    monkeypatch.setattr(safetensors.torch, "save_file", save)
    with write_store(tmp_path / "s.safetensors", layout="florence15") as store:
        store.add("one", count_poses(0))
    (name,) = folders
    assert name.startswith(PARTS)
    assert [path.name for path in tmp_path.iterdir()] == ["s.safetensors"]
