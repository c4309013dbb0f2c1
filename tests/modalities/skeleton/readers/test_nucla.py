import json
from pathlib import Path

import numpy as np
import pytest
from shared_data import needs_shared, shared_path

from triad.modalities.checks import InputError
from triad.modalities.skeleton.readers import read_nucla
from triad.modalities.skeleton.readers.pose_arrays import KINECT_AXES

REAL = shared_path("nw_ucla")
FRAME = [[joint + 0.5, 2.0, 3.0] for joint in range(20)]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_joints_keep_their_order(tmp_path: Path) -> None:
    text = json.dumps({"file_name": "a01_s01_e00_v01", "skeletons": [FRAME, FRAME[::-1]], "label": 1}, indent=2)
    poses = read_nucla(write(tmp_path / "a.json", text))
    assert (poses.layout, poses.keypoints.shape) == ("kinect20", (1, 2, 20, 3))
    assert np.array_equal(poses.keypoints[0, 0], FRAME * KINECT_AXES)
    assert np.array_equal(poses.keypoints[0, 1], FRAME[::-1] * KINECT_AXES)
    assert (poses.scores == 1).all()


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e999", "null", "1" + "0" * 39])
def test_values_without_number_are_missing(tmp_path: Path, value: str) -> None:
    text = json.dumps({"skeletons": [FRAME]}).replace("3.0", value, 1).replace("[1.5, 2.0, 3.0]", "[0, 0.0, -0]")
    poses = read_nucla(write(tmp_path / "a.json", text))
    assert poses.scores[0, 0].tolist() == [0, 0] + [1] * 18
    assert not poses.keypoints[0, 0, :2].any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"skeletons": [[[1, 2, 3]]]}', r"a\.json' must hold frame 0, numbers \[20, 3\], got '\]'"),
        ('{"skeletons": []}', 'must hold frames at "skeletons", got none'),
        ('{"label": 3}', 'must hold frames at "skeletons", got none'),
        ("[1]", r"must hold a clip, an object, got '\['"),
        ('{"skeletons": 3}', "must hold the skeletons, an array, got 3"),
        ('{"skeletons": [[["1"]]]}', "must hold frame 0, numbers .*, got '1'"),
        ('{"skeletons": [[[[[1]]]]]}', r"must hold frame 0, numbers .*, got '\['"),
        ('{"skeletons": [' + "[" * 100_000, r"must hold frame 0, numbers .*, got '\['"),
        ('{"other": ' + "[" * 100_000, "must be JSON, got parse error: premature EOF"),
        ('{"other": [1, {]}', r'must be JSON, got parse error: .* {"other": \[1, {\]}'),
        (r'{"other\": 1}', "must be JSON, got parse error: premature EOF"),
        ('{"other" 1}', "must be JSON, got parse error: object key and value must be separated by a colon"),
        ('{"other": 1} 2', "must be JSON, got parse error: trailing garbage"),
        ('{"other": }', "must be JSON, got parse error: unallowed token"),
        ('{"other": ' + "1" * 5000 + "}", "must be JSON"),
        (json.dumps({"skeletons": [[[0.0] * 3] * 20]}), "must show a joint of somebody in some frame, got none in 1"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_nucla(write(tmp_path / "a.json", text))


def test_escaped_quotes_are_read(tmp_path: Path) -> None:
    text = json.dumps({'\\"]}': '\\\\"[', "skeletons": [FRAME]})
    assert read_nucla(write(tmp_path / "a.json", text)).num == 1


@needs_shared("nw_ucla")
def test_published_dataset_is_read() -> None:
    files = sorted(REAL.glob("*.json"))
    assert len(files) == 1484
    missing = 0
    frames = 0
    for file in files:
        poses = read_nucla(file)
        missing += int((poses.scores == 0).sum())
        frames += poses.num
    assert (missing, frames) == (12, 58534)
    assert np.array_equal(poses.keypoints[0], np.float32(json.loads(files[-1].read_text())["skeletons"]) * KINECT_AXES)
