from pathlib import Path

import numpy as np
import pytest
from shared_data import needs_shared, shared_path

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_florence
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES

REAL = shared_path("florence3d")


def write(path: Path, rows: list[str]) -> Path:
    path.write_text(" \n".join(rows) + " \n")  # each row of the published files ends with a space
    return path


def test_millimetres_become_metres(tmp_path: Path) -> None:
    rows = [f"{100 * joint}.5 {-frame} 2.0e+03" for frame in range(2) for joint in range(15)]
    poses = read_florence(write(tmp_path / "a01_s1_id1.txt", rows))
    assert (poses.keypoints.shape, poses.layout) == ((1, 2, 15, 3), "florence15")
    assert np.allclose(poses.keypoints[0, 1, 14], [-1.4005, 0.001, 2.0])
    assert (poses.scores == 1).all()


def test_joints_without_numbers_are_missing(tmp_path: Path) -> None:
    rows = ["1 2 3"] * 13 + ["nan 2 3", "-1.#IND00 1e39 1"]
    poses = read_florence(write(tmp_path / "a.txt", rows))
    assert poses.scores[0, 0].tolist() == [1] * 13 + [0, 0]
    assert not poses.keypoints[0, 0, 13:].any()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["1 2 3"] * 14, r"a\.txt' line 15 must hold joint 14 of frame 0 in mm, got the end of the file"),
        (["1 2 3"] * 3 + ["1 2"], "line 4 must hold joint 3 of frame 0 in mm, 3 numbers, got 2 fields"),
        (["1 2 x"] * 15, "line 1 must hold joint 0 of frame 0 in mm in numbers, got 'x'"),
        (["1 " * 1000] * 15, r"line 1 must hold joint 0 of frame 0 in mm, got 2001 characters"),
        (["0 0 0"] * 15, r"must show a joint of somebody in some frame, got none in 1 frames"),
        ([""], r"must show a joint of somebody in some frame, got none in 0 frames"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, rows: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_florence(write(tmp_path / "a.txt", rows))


@needs_shared("florence3d")
def test_published_dataset_is_read() -> None:
    files = sorted(REAL.glob("*.txt"))
    assert len(files) == 215
    assert sum(read_florence(file).num for file in files) == 3802
    assert np.allclose(read_florence(files[7]).keypoints.reshape(-1, 3), np.loadtxt(files[7]) / 1000 * KINECT_AXES)
