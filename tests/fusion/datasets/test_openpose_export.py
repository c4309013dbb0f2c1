"""Joints written as OpenPose's JSON are those that are read back."""

from pathlib import Path

import numpy as np
import pose_files
import pytest

from triad.fusion.datasets.openpose_export import export_openpose
from triad.fusion.datasets.skeletons import prepare_skeletons
from triad.fusion.index import load_index
from triad.modalities.checks import InputError
from triad.modalities.skeleton import Poses, PoseStore
from triad.modalities.skeleton.readers import read_skeleton, write_openpose


def test_exported_folder_is_read_back(tmp_path: Path) -> None:
    people = [pose_files.openpose_person(50), pose_files.openpose_person(200)]
    for name in ("run/a", "jump/a"):
        pose_files.write_openpose(tmp_path / "in" / name, {0: people, 1: people, 4: people[:1]})
    prepare_skeletons(tmp_path / "in", tmp_path / "out")
    index = load_index(tmp_path / "out")
    written = export_openpose(index, "run_a", tmp_path / "openpose")
    assert written == {"stream": "skeleton", "layout": "openpose25"}
    assert len(list((tmp_path / "openpose").iterdir())) == 5
    again = read_skeleton(tmp_path / "openpose").poses
    store = PoseStore(tmp_path / "out/skeleton.safetensors")
    first = store.read(store.ids.index("run_a"))
    np.testing.assert_allclose(again.keypoints, first.keypoints, atol=1e-3)
    np.testing.assert_allclose(again.scores, first.scores, atol=1e-4)
    with pytest.raises(InputError, match="folder to export to must be new or empty"):
        export_openpose(index, "run_a", tmp_path / "openpose")


def test_other_layouts_become_body_25(tmp_path: Path) -> None:
    points = np.arange(25 * 2, dtype=np.float32).reshape(1, 1, 25, 2) + 1
    depth = np.ones((1, 1, 25, 3), np.float32)
    poses = Poses(depth, np.ones((1, 1, 25), np.float32), "ntu25", points)
    assert write_openpose(tmp_path / "a", poses, name="a") == "openpose25"
    again = read_skeleton(tmp_path / "a").poses
    assert again.keypoints[0, 0, 4].tolist() == [21, 22]  # right wrist, joint 10 of NTU
    with pytest.raises(InputError, match="to become 'openpose25' must have pixels"):
        write_openpose(tmp_path / "b", Poses(depth, poses.scores, "ntu25"), name="b")
    assert not (tmp_path / "b").exists()
