"""ETRI-Activity3D: bodies by their ids, frames without anybody, scores by tracking state."""

from pathlib import Path

import numpy as np
import pytest
import skeleton_files as files

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_etri


@pytest.mark.parametrize("first", [0, 1, 37])
def test_bodies_are_persons(tmp_path: Path, first: int) -> None:
    (tmp_path / "a.csv").write_bytes(files.etri(first=first))
    poses = read_etri(tmp_path / "a.csv")
    assert (poses.layout, poses.keypoints.shape) == ("ntu25", (2, 4, 25, 3))
    assert np.any(poses.scores > 0, axis=2).tolist() == [[False, True, True, False], [False, False, True, True]]
    assert np.abs(poses.keypoints[1, 3, 5]) == pytest.approx([3.1, 5, 3.7])
    assert poses.keypoints[1, 3, 5, 1] == -5  # y is down
    assert poses.scores[0, 1].tolist() == [1.0] * 24 + [0.5]


def test_states_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(files.etri(states=False))
    assert read_etri(tmp_path / "a.csv").scores[0, 1].tolist() == [1.0] * 25


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"bodyindexID", b"body", "must have the columns frameNum, bodyindexID .*, got no bodyindexid among"),
        (b"\r\n2,0,", b"\r\n0,0,", "line 4 must have a frameNum that is not before the last one, got 0"),
        (b"\r\n2,3,", b"\r\n2,0,", "line 5 must hold the only body 0 of its frame, got a second one"),
        (b"\r\n1,0,", b"\r\nx,0,", "line 3 must have an integer frameNum, got 'x'"),
        (b"3.7", b"far", "line 3 must hold numbers, got 'far'"),
        (b",1\r\n", b",7\r\n", "line 3 must have tracking states of 0, 1 or 2, got 7"),
        (b"\r\n3,3,", b"\r\n3,3\r\n", "line 6 must hold 152 values, got 2"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(files.etri().replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        read_etri(tmp_path / "a.csv")
