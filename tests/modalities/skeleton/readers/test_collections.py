"""Files of whole datasets: clips without their padding, labels, splits, and arrays that stay on disk."""

from pathlib import Path

import numpy as np
import pose_files
import pytest

from modalities.checks import InputError
from modalities.skeleton.readers import open_collection, read_skeleton, write_ctrgcn


def write_stgcn(folder: Path, split: str = "train", clips: int = 2) -> Path:
    data, labels = pose_files.stgcn(clips=clips)
    (folder / f"{split}_data.npy").write_bytes(data)
    (folder / f"{split}_label.pkl").write_bytes(labels)
    return folder / f"{split}_data.npy"


def test_stgcn_splits_lie_side_by_side(tmp_path: Path) -> None:
    write_stgcn(tmp_path, "val", clips=1)
    collection = open_collection(write_stgcn(tmp_path))
    assert collection is not None
    assert {name: len(ids) for name, ids in collection.splits.items()} == {"train": 2, "val": 1}
    assert list(collection.labels) == [0, 1, 0]
    poses = collection.read(1).poses
    assert (poses.layout, poses.keypoints.shape) == ("ntu25", (1, 5, 25, 3))
    np.testing.assert_allclose(poses.keypoints[0, 0, 10], [2.5, -2.5, 5], rtol=1e-6)  # y of the files is up


def test_stgcn_openpose_is_in_pixels(tmp_path: Path) -> None:
    array = np.zeros((1, 3, 2, 18, 1), np.float32)
    array[0, :, 0, 0, 0] = [-0.5, 0.25, 0.9]
    write_stgcn(tmp_path, clips=1)
    (tmp_path / "train_data.npy").write_bytes(pose_files.npy(array))
    recorded = read_skeleton(tmp_path / "train_data.npy")
    assert (recorded.poses.layout, recorded.size, recorded.poses.num) == ("openpose18", (256, 340), 1)
    assert recorded.poses.keypoints[0, 0, 0].tolist() == [0, 192]


def test_lengths_of_labels_must_fit(tmp_path: Path) -> None:
    path = write_stgcn(tmp_path)
    (tmp_path / "train_label.pkl").write_bytes(pose_files.stgcn(clips=3)[1])
    with pytest.raises(InputError, match=r"must name 2 clips as 'train_data\.npy' has, got 3"):
        open_collection(path)


@pytest.mark.parametrize("compressed", [False, True])
def test_ctrgcn_arrays_are_clips(tmp_path: Path, compressed: bool) -> None:
    (tmp_path / "a.npz").write_bytes(pose_files.ctrgcn(compressed=compressed))
    collection = open_collection(tmp_path / "a.npz")
    assert collection is not None
    assert (list(collection.ids), list(collection.labels)) == (["train_0", "train_1", "test_0"], [0, 1, 2])
    poses = collection.read(2).poses
    assert poses.keypoints.shape == (1, 4, 25, 3)
    np.testing.assert_allclose(poses.keypoints[0, 0, 1], [3.3, -3.4, 3.5], rtol=1e-6)


def test_written_ctrgcn_arrays_are_read(tmp_path: Path) -> None:
    clips = [np.random.default_rng(number).normal(size=(1 + number, 3 + number, 25, 3)) + 2 for number in range(2)]
    write_ctrgcn(tmp_path / "a.npz", {"train": [(clips[0], 1)], "test": [(clips[1], 0)]}, num_classes=3, num_frames=6)
    collection = open_collection(tmp_path / "a.npz")
    assert collection is not None
    assert list(collection.labels) == [1, 0]
    for number, clip in enumerate(clips):
        expected = clip.astype(np.float32) * np.float32([1, -1, 1])
        np.testing.assert_allclose(collection.read(number).poses.keypoints, expected, rtol=1e-6)


def test_clip_of_many_is_named_behind_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(pose_files.ctrgcn())
    assert read_skeleton(f"{tmp_path}/a.npz#train_1").poses.num == 4
    with pytest.raises(InputError, match=r"must hold one clip, got 3; name one: '.*a.npz#CLIP'"):
        read_skeleton(tmp_path / "a.npz")
    with pytest.raises(InputError, match=r"did you mean 'train_1'"):
        read_skeleton(f"{tmp_path}/a.npz#train_11")
