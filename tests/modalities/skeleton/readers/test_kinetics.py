from pathlib import Path

import numpy as np
import pytest
from skeleton_files import kinetics, kinetics_person

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_kinetics


def write(folder: Path, content: bytes) -> Path:
    (folder / "--3ouPhoy2A.json").write_bytes(content)
    return folder / "--3ouPhoy2A.json"


def test_fractions_become_pixels(tmp_path: Path) -> None:
    poses = read_kinetics(write(tmp_path, kinetics()))
    assert (poses.layout, poses.keypoints.shape) == ("openpose18", (2, 3, 18, 2))
    assert np.allclose(poses.keypoints[0, 0, 17], [0.17 * 340, 0.5 * 256])
    assert np.allclose(poses.keypoints[1, 2, 17], [0.37 * 340, 0.5 * 256])
    assert poses.scores[:, :, 0].tolist() == np.float32([[0.9, 0, 0.9], [0, 0, 0.9]]).tolist()
    unit = read_kinetics(write(tmp_path, kinetics()), size=(1, 1))
    assert np.allclose(unit.keypoints[0, 0, 17], [0.17, 0.5])


def test_score_zero_and_gaps_are_missing(tmp_path: Path) -> None:
    person = kinetics_person(score=[0.0] + [0.5] * 17)
    poses = read_kinetics(write(tmp_path, kinetics([{"frame_index": i, "skeleton": [person]} for i in (2, 4)])))
    assert (poses.scores[0].sum(-1) > 0).tolist() == [False, True, False, True]
    assert poses.keypoints[0, 1, 0].tolist() == [0, 0]
    poses = read_kinetics(write(tmp_path, kinetics([{"frame_index": 0, "skeleton": [person]}])))
    assert poses.num == 1


def test_first_persons_are_read(tmp_path: Path) -> None:
    crowd = [{"frame_index": 1, "skeleton": [kinetics_person()] * 7}]
    assert len(read_kinetics(write(tmp_path, kinetics(crowd))).keypoints) == 5
    assert len(read_kinetics(write(tmp_path, kinetics(crowd)), max_persons=2).keypoints) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{}", "must show a joint of somebody in some frame, got none in 0 frames"),
        (kinetics([{"frame_index": 1, "skeleton": []}]), "got none in 1 frames"),
        (kinetics([{"skeleton": []}]), "must hold a frame whose frame_index is a whole number above -1, got nan"),
        (kinetics([{"frame_index": i} for i in (3, 3)]), "a whole number above 3, got 3"),
        (kinetics([{"frame_index": 1.5}]), "a whole number above -1, got 1.5"),
        (
            kinetics([{"frame_index": 10**9, "skeleton": [kinetics_person()]}]),
            "1 persons × 1000000000 frames must",
        ),
        (
            kinetics([{"frame_index": 1, "skeleton": [{"pose": [0.1] * 36}]}]),
            "must hold pose and score of person 0 of frame 0, got a person without",
        ),
        (
            kinetics([{"frame_index": 1, "skeleton": [{"pose": [0.1] * 34}]}]),
            r"must hold the pose of person 0 of frame 0, numbers \[36\], got '\]'",
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_kinetics(write(tmp_path, content))
