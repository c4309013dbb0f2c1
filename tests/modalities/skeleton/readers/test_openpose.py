from pathlib import Path

import numpy as np
import pytest
from pose_files import openpose_person, write_openpose

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import ReadOptions, read_skeleton


def test_gaps_and_people_stay(tmp_path: Path) -> None:
    left, right = openpose_person(50), openpose_person(150)
    frames = {4: [left, right], 5: [right, left], 7: [left], 8: []}
    recorded = read_skeleton(write_openpose(tmp_path / "a", frames))
    poses = recorded.poses
    assert (poses.layout, poses.keypoints.shape, recorded.size, recorded.fps) == (
        "openpose25",
        (2, 5, 25, 2),
        None,
        None,
    )
    assert poses.scores[:, :, 0].round(1).tolist() == [
        pytest.approx([0.8, 0.8, 0, 0.8, 0]),
        pytest.approx([0.8, 0.8, 0, 0, 0]),
    ]
    assert poses.keypoints[0, :, 1, 0].tolist() == [51, 51, 0, 51, 0]  # the order of people in a file says nothing
    assert not poses.scores[:, :, 3].any()
    assert not poses.keypoints[:, :, 3].any()


def test_person_ids_tell_people_apart(tmp_path: Path) -> None:
    frames = {
        0: [openpose_person(50, person=7)],
        1: [openpose_person(300, person=7)],
        2: [openpose_person(50, person=2)],
    }
    poses = read_skeleton(write_openpose(tmp_path / "a", frames)).poses
    assert poses.keypoints[0, :, 0, 0].tolist() == [50, 300, 50]  # tracks that do not overlap share a person


@pytest.mark.parametrize(("joints", "layout"), [(18, "openpose18"), (17, "coco17")])
def test_layout_follows_the_joints(tmp_path: Path, joints: int, layout: str) -> None:
    folder = write_openpose(tmp_path / "a", {0: [openpose_person(joints=joints)]})
    assert read_skeleton(folder).poses.layout == layout


def test_depth_is_read_for_a_3d_layout(tmp_path: Path) -> None:
    person = {**openpose_person(), "pose_keypoints_3d": [value for j in range(25) for value in (0.1 * j, 0.5, 2, 0.9)]}
    folder = write_openpose(tmp_path / "a", {0: [person]})
    assert read_skeleton(folder).poses.layout == "openpose25"
    poses = read_skeleton(folder, ReadOptions("openpose25_3d")).poses
    np.testing.assert_allclose(poses.keypoints[0, 0, 4], [0.4, 0.5, 2], rtol=1e-6)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ({0: []}, "must show somebody in some frame, got nobody in 1 frames; leave it out"),
        ({0: [openpose_person(joints=15)]}, r"layout of '.*' must be known, got 15 joints, which .* could be; name it"),
        (
            {0: [openpose_person()], 1: [openpose_person(joints=18)]},
            "must have 25 joints in 2 dimensions, got 18 joints",
        ),
    ],
)
def test_other_folders_are_refused(tmp_path: Path, frames: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_skeleton(write_openpose(tmp_path / "a", frames))


def test_two_recordings_are_refused(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {0: [openpose_person()]})
    (folder / "other_000000000000_keypoints.json").write_bytes(
        (folder / "clip_000000000000_keypoints.json").read_bytes()
    )
    with pytest.raises(InputError, match=r"must hold the frames of one recording, got 2: clip, other; make a folder"):
        read_skeleton(folder)


def test_wide_gap_is_no_memory(tmp_path: Path) -> None:
    folder = write_openpose(tmp_path / "a", {0: [openpose_person()], 10**11: [openpose_person()]})
    with pytest.raises(InputError, match="frames must take at most"):
        read_skeleton(folder)
