from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat
from shared_data import needs_shared, shared_path

from triad.modalities.checks import InputError
from triad.modalities.skeleton import get_layout
from triad.modalities.skeleton.readers import read_utd
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES

REAL = shared_path("utd_mhad/skeleton")
VALUES = np.arange(20 * 3 * 4, dtype=np.float64).reshape(20, 3, 4) + 1


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int16", "uint8"])
def test_joints_are_ordered_by_name(tmp_path: Path, compressed: bool, dtype: str) -> None:
    path = tmp_path / "a1_s1_t1_skeleton.mat"
    savemat(path, {"other": "text", "d_skel": VALUES.astype(dtype)}, do_compression=compressed)
    poses = read_utd(path)
    assert (poses.layout, poses.keypoints.shape) == ("kinect20", (1, 4, 20, 3))
    index = get_layout("kinect20").index
    for joint, row in {
        "head": 0,
        "shoulder_center": 1,
        "spine": 2,
        "hip_center": 3,
        "left_hand": 7,
        "right_foot": 19,
    }.items():
        assert np.array_equal(poses.keypoints[0, :, index(joint)], VALUES.astype(dtype)[row].T * KINECT_AXES)


def test_one_frame_needs_no_third_axis(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"d_skel": VALUES[:, :, 0]})
    assert read_utd(tmp_path / "a.mat").num == 1


def test_joints_without_values_are_missing(tmp_path: Path) -> None:
    values = VALUES.copy()
    values[0, :, 1] = 0
    values[19, 2, 2] = np.nan
    savemat(tmp_path / "a.mat", {"d_skel": values})
    poses = read_utd(tmp_path / "a.mat")
    assert np.argwhere(poses.scores[0] == 0).tolist() == [[1, 3], [2, 19]]


def test_other_shapes_are_refused(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"d_skel": VALUES.transpose(2, 1, 0)})
    with pytest.raises(InputError, match=r"d_skel must have shape \[20, 3, T\], got \[4, 3, 20\]"):
        read_utd(tmp_path / "a.mat")


@needs_shared("utd_mhad/skeleton")
def test_published_dataset_is_read() -> None:
    files = sorted(REAL.glob("*.mat"))
    assert len(files) == 861
    heads_above_hips = [-np.diff(read_utd(file).keypoints[0, :, [0, 3], 1].mean(1))[0] for file in files]
    assert min(heads_above_hips) > 0.3  # metres; y is up
    expected = loadmat(files[0])["d_skel"].astype(np.float32)
    assert np.array_equal(read_utd(files[0]).keypoints[0, :, 3], expected[0].T * KINECT_AXES)
