"""Files of whole datasets: clips without their padding, labels, splits, and arrays that stay on disk."""

from pathlib import Path

import numpy as np
import pose_files
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import open_collection, read_skeleton, write_ctrgcn


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


def facing_kinect() -> np.ndarray:
    """Return 25 joints at three times of a body that faces the sensor, about its spine, in the sensor's axes."""
    body = np.random.default_rng(0).normal(size=(3, 25, 3))
    body[0, [8, 4]] = [[0.4, 0.3, 0.1], [-0.2, 0.3, 0.1]]  # right and left shoulder
    return (body - body[:, 1:2]).astype(np.float32)


def write_stgcn_clip(folder: Path, joints: np.ndarray) -> Path:
    path = write_stgcn(folder, clips=1)
    path.write_bytes(pose_files.npy(joints.transpose(2, 0, 1)[None, ..., None]))
    return path


def test_turned_clips_of_agcn_stand_upright(tmp_path: Path) -> None:
    body = facing_kinect()
    turned = body[..., [0, 2, 1]] * np.float32([1, -1, 1])  # z up
    poses = read_skeleton(write_stgcn_clip(tmp_path, turned)).poses
    np.testing.assert_array_equal(poses.keypoints[0], body * np.float32([1, -1, 1]))
    assert (poses.scores == 1).all()  # the spine, at the origin, is not missing


def test_centred_clips_keep_their_axes(tmp_path: Path) -> None:
    body = facing_kinect()
    body[0, 8, 1] += 0.05  # shoulders are not level, as they are measured
    poses = read_skeleton(write_stgcn_clip(tmp_path, body)).poses
    np.testing.assert_array_equal(poses.keypoints[0], body * np.float32([1, -1, 1]))
    assert (poses.scores == 1).all()


def test_spine_at_origin_beside_missing_joints_is_missing(tmp_path: Path) -> None:
    body = facing_kinect()
    body[0, 7] = 0
    poses = read_skeleton(write_stgcn_clip(tmp_path, body)).poses
    assert np.flatnonzero(poses.scores[0, 0] == 0).tolist() == [1, 7]


def test_classes_of_zeros_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.ones((2, 4, 150), np.float32), y_train=[[0, 1], [0, 0]])
    with pytest.raises(InputError, match=r"y_train must have one class a sample, got 0 of sample 1"):
        open_collection(tmp_path / "a.npz")


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
