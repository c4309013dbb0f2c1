import json
from pathlib import Path

import numpy as np
import pytest
from shared_data import needs_shared, shared_path

from modalities.checks import InputError
from modalities.skeleton.readers import read_nucla
from modalities.skeleton.readers.files import KINECT

REAL = shared_path("nw_ucla")
FRAME = [[joint + 0.5, 2.0, 3.0] for joint in range(20)]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_joints_are_read_as_they_stand(tmp_path: Path) -> None:
    text = json.dumps({"file_name": "a01_s01_e00_v01", "skeletons": [FRAME, FRAME[::-1]], "label": 1}, indent=2)
    poses = read_nucla(write(tmp_path / "a.json", text))
    assert (poses.layout, poses.keypoints.shape) == ("kinect20", (1, 2, 20, 3))
    assert np.array_equal(poses.keypoints[0, 0], FRAME * KINECT)
    assert np.array_equal(poses.keypoints[0, 1], FRAME[::-1] * KINECT)
    assert (poses.scores == 1).all()


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e999", "null", "1" + "0" * 39])
def test_what_is_no_number_is_lost(tmp_path: Path, value: str) -> None:
    text = json.dumps({"skeletons": [FRAME]}).replace("3.0", value, 1).replace("[1.5, 2.0, 3.0]", "[0, 0.0, -0]")
    poses = read_nucla(write(tmp_path / "a.json", text))
    assert poses.scores[0, 0].tolist() == [0, 0] + [1] * 18
    assert not poses.keypoints[0, 0, :2].any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"skeletons": [[[1, 2, 3]]]}',
            r"a\.json' at byte 15 must be frame 0, numbers \[20, 3\], got '\[\[1, 2,",
        ),
        ('{"skeletons": []}', 'must hold frames at "skeletons", got none'),
        ('{"label": 3}', 'must hold frames at "skeletons", got none'),
        ("[1]", "at byte 0 must begin a clip, an object, got"),
        ('{"skeletons": [[["1"]]]}', "at byte 15 must be frame 0"),
        ('{"skeletons": [[[[[1]]]]]}', "at byte 15 must be nested at most 2 deep"),
        ('{"skeletons": [' + "[" * 100_000, "at byte 15 must be nested at most 2 deep"),
        ('{"other": ' + "[" * 100_000, r"at byte 10 must be an array or object that ends, got no end"),
        ('{"other": [1, {]}', r"at byte 15 must close what was opened last, got '\]'"),
        (r'{"other\": 1}', "at byte 1 must be a string that ends"),
        ('{"other" 1}', "at byte 9 must be ':', got '1}'"),
        ('{"other": 1} 2', "at byte 13 must be the end of the file, got '2'"),
        ('{"other": }', "at byte 10 must be a value, got '}'"),
        (json.dumps({"skeletons": [[[0.0] * 3] * 20]}), "must show a joint of somebody in some frame, got none in 1"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_nucla(write(tmp_path / "a.json", text))


def test_an_escaped_quote_does_not_end_a_key(tmp_path: Path) -> None:
    text = json.dumps({'\\"]}': '\\\\"[', "skeletons": [FRAME]})
    assert read_nucla(write(tmp_path / "a.json", text)).num == 1


@needs_shared("nw_ucla")
def test_the_dataset() -> None:
    files = sorted(REAL.glob("*.json"))
    assert len(files) == 1484
    lost = frames = 0
    for file in files:
        poses = read_nucla(file)
        lost, frames = lost + int((poses.scores == 0).sum()), frames + poses.num
    assert (lost, frames) == (12, 58534)
    assert np.array_equal(poses.keypoints[0], np.float32(json.loads(files[-1].read_text())["skeletons"]) * KINECT)
