from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skeleton_files import lcrnet, lcrnet_person

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_lcrnet


def read(folder: Path, content: bytes):  # type: ignore[no-untyped-def]
    (folder / "Cutbread_p03_r00_v10_c02_pose3d.json").write_bytes(content)
    return read_lcrnet(folder / "Cutbread_p03_r00_v10_c02_pose3d.json")


def test_values_lie_axis_by_axis(tmp_path: Path) -> None:
    poses = read(tmp_path, lcrnet())
    assert (poses.layout, poses.keypoints.shape) == ("smarthome13", (2, 3, 13, 3))
    assert poses.keypoints[0, 0, 7].tolist() == [7, 107, 207]
    assert poses.pixels is not None
    assert poses.pixels[0, 0, 7].tolist() == [7.5, 307]
    assert poses.scores[:, :, 0].tolist() == [[1.25, 1.25, 0], [0, 0.5, 0]]


def test_all_releases_are_read(tmp_path: Path) -> None:
    long_person = lcrnet_person(pose3d=[*lcrnet_person()["pose3d"], 9.0, 9.0], angle_left=[1, {"a": "}"}])  # v1.2
    bare_person: dict[str, Any] = {"pose3d": lcrnet_person()["pose3d"]}
    assert np.array_equal(
        read(tmp_path, lcrnet([[long_person]])).keypoints, read(tmp_path, lcrnet([[bare_person]])).keypoints
    )
    poses = read(tmp_path, lcrnet([[bare_person]]))
    assert poses.pixels is None
    assert (poses.scores == 1).all()


@pytest.mark.parametrize("key", ["pose2d", "pose3d"])
def test_minus_one_marks_missing_person(tmp_path: Path, key: str) -> None:
    person = lcrnet_person()
    person[key][4] = -1
    poses = read(tmp_path, lcrnet([[lcrnet_person()], [person], [{**lcrnet_person(), key: [-1] * 39}]]))
    assert (poses.scores[0] > 0).all(-1).tolist() == [True, False, False]
    assert not poses.keypoints[0, 1:].any()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lcrnet(njts=17), "njts must be 13, got another number"),
        (lcrnet(njts=1_000_000_000), "njts must be 13"),
        (lcrnet(njts=[13]), r"json' must hold the number of joints, a number, got '\['"),
        (lcrnet([]), "must show a joint of somebody in some frame, got none in 0 frames"),
        (lcrnet([[]]), "none in 1 frames"),
        (lcrnet([[lcrnet_person(pose3d=[1.0] * 38)]]), "must hold pose3d of person 0 of frame 0, 39 numbers, got 38"),
        (
            lcrnet([[lcrnet_person(pose3d="1")]]),
            "hold pose3d of person 0 of frame 0, an array of numbers, got '1'",
        ),
        (
            lcrnet([[lcrnet_person(pose3d=[1.0] * 99_999)]]),
            "must hold pose3d of person 0 of frame 0, at most 10000 numbers, got more",
        ),
        (lcrnet([[{"cumscore": 1}]]), "must hold pose3d of person 0 of frame 0, got none"),
        (lcrnet([[lcrnet_person()], *[[]] * 20_000]), r"1 persons × 20001 frames must take at most \d+ bytes"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)
