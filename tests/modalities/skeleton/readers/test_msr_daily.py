"""MSR DailyActivity3D: two rows a joint, of which the first is in metres; frames with nobody or two bodies."""

from pathlib import Path

import numpy as np
import pytest
import skeleton_files as files

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_msr_daily
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES


def test_bodies_by_order(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(files.msr_daily())
    poses = read_msr_daily(tmp_path / "a.txt")
    assert (poses.layout, poses.keypoints.shape) == ("kinect20", (2, 3, 20, 3))
    assert np.any(poses.scores > 0, axis=2).tolist() == [[True, False, True], [False, False, True]]
    assert poses.keypoints[1, 2, 7] == pytest.approx(KINECT_AXES * [1.1, 7, 2])


def test_joint_at_origin_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(files.msr_daily((1,)).replace(b"0.1 4 2.0 1", b"0 0 0 0"))
    assert np.flatnonzero(read_msr_daily(tmp_path / "a.txt").scores[0, 0] == 0).tolist() == [4]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"3 20\n", b"3 25\n", "line 1 must hold a number of frames and 20 joints, got 3 and 25"),
        (b"\n40\n", b"\n41\n", "line 2 must hold the number of rows of frame 0, 40 a body, got 41"),
        (b"3 20\n", b"2 20\n", "must be the last, for the file has 2 frames, got more lines"),
        (b"3 20\n", b"4 20\n", "must hold the number of rows of frame 3, got the end of the file"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(files.msr_daily().replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        read_msr_daily(tmp_path / "a.txt")
