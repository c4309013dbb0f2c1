"""Skeleton recordings given to prediction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from triad.modalities.checks import InputError
from triad.modalities.skeleton import measured_poses
from triad.modalities.skeleton.measured_poses import read_measured


def write(path: Path, x: int) -> None:
    path.write_text(f"frame,nose_x,nose_y\n0,{x},2\n")


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for x in (5, 50):
        write(path, x)
        np.testing.assert_array_equal(read_measured(path, "coco17", None).poses.keypoints[0, 0, 0], [x, 2])
    path.unlink()
    with pytest.raises(InputError, match=r"a\.csv', which does not exist"):
        read_measured(path, "coco17", None)


def test_unchanged_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.csv", 5)
    first = read_measured(tmp_path / "a.csv", "coco17", None)
    monkeypatch.delattr(measured_poses, "read_skeleton")
    assert read_measured(tmp_path / "a.csv", "coco17", None).poses is first.poses
