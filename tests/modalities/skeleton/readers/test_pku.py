from pathlib import Path

import numpy as np
import pytest
from skeleton_files import pku

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_pku


def read(folder: Path, content: bytes):  # type: ignore[no-untyped-def]
    (folder / "0291-L.txt").write_bytes(content)
    return read_pku(folder / "0291-L.txt")


def test_row_holds_two_bodies(tmp_path: Path) -> None:
    poses = read(tmp_path, pku())
    assert (poses.layout, poses.keypoints.shape) == ("ntu25", (2, 3, 25, 3))
    assert np.allclose(poses.keypoints[0, 1, 24], [-2.72, -2.73, 2.74])
    assert np.allclose(poses.keypoints[1, 1, 24], [2.72, 2.73, -2.74])
    assert (poses.scores == 1).all()


def test_absent_second_body_is_dropped(tmp_path: Path) -> None:
    assert read(tmp_path, pku(second=False)).keypoints.shape == (1, 3, 25, 3)


def test_bodies_come_and_go(tmp_path: Path) -> None:
    nobody = b"0 " * 150 + b"\n"
    second = b"0 " * 75 + b"1 " * 74 + b"nan\n"
    poses = read(tmp_path, pku(1) + nobody + second)
    assert poses.scores.sum(-1).tolist() == [[25, 0, 0], [25, 0, 24]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            pku(1) + b"1 2 3\n",
            r"0291-L\.txt' line 2 must hold frame 1, 2 bodies of .*, 150 numbers, got 3 fields",
        ),
        (b"0 " * 150, "must show a joint of somebody in some frame, got none in 1 frames"),
        (b"0 " * 150_000, "line 1 must hold frame 0, 2 bodies of 25 joints, got 300000 characters"),
        (pku(1).replace(b"1.74", b"one"), "line 1 must hold .* in numbers, got 'one0000'"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)
