import json
import shutil

import pytest
from tiny_networks import write_detector, write_heatmaps

from triad.fusion.index import load_index, write_index


@pytest.fixture
def out(tiny, tmp_path):
    """Three clips of the tiny dataset; the last is corrupt."""
    index = load_index(tiny)
    records = index.records[:3]
    for record in records:
        del record["sources"]["skeleton"]
        (tmp_path / "videos").mkdir(exist_ok=True)
        shutil.copy(tiny / record["video"], tmp_path / record["video"])
    (tmp_path / records[2]["video"]).write_bytes(b"corrupt" * 50)
    write_index(tmp_path / "index.json", index.metainfo, records)
    return tmp_path


@pytest.fixture
def options(tmp_path):
    detector = write_detector(tmp_path / "detector.onnx", [(10, 10, 40, 50, 0.9)])
    return ["--pose", "tiny", "--pose-weights", write_heatmaps(tmp_path / "pose.onnx"), "--detector", detector]


def test_flow_and_poses_join_the_index(command, out, options):
    code, stdout, stderr = command("extract.py", out, "--flow", "dis", *options, "--workers", 1, "--json")
    assert code == 1  # for the corrupt video
    assert "1 of 3 videos failed" in stderr
    document = json.loads(stdout)
    assert [(row["stream"], row["extracted"], row["failed"]) for row in document["streams"]] == [
        ("flow_dis", 2, 1),
        ("pose_tiny", 2, 1),
    ]
    assert {"decode", "flow", "pose"} <= set(document["profile"]["seconds"])
    index = load_index(out)
    assert index.metainfo["streams"]["pose_tiny"] == {"modality": "skeleton", "layout": "coco17", "channels": 2}
    id = index.records[0]["id"]
    entry = {"path": f"pose_tiny/{id}.npz", "num": 10, "fps": 10.0, "size": [48, 64]}
    assert index.records[0]["sources"]["pose_tiny"] == entry
    assert "pose_tiny" not in index.records[2]["sources"]

    code, stdout, _ = command("extract.py", out, "--pose", "tiny", "--status", "--json")  # without weights
    (row,) = json.loads(stdout)["streams"]
    assert (code, row["done"], [failure["id"] for failure in row["failed"]]) == (0, 2, [index.records[2]["id"]])
    assert command("extract.py", out, "--verify", "--json")[0] == 0
    code, _, _ = command("show.py", out, id, "--out", out / "a.png")
    assert (code, (out / "a.png").stat().st_size > 1000) == (0, True)


def test_detect_every_is_a_setting(command, out, options):
    command("extract.py", out, *options, "--detect-every", 4, "--workers", 1)
    provenance = json.loads((out / "pose_tiny/provenance.json").read_text())
    assert provenance["detection"]["every"] == {"frames": 4, "same": 0.3}
    code, _, stderr = command("extract.py", out, *options, "--workers", 1)
    assert (code, "detection" in stderr) == (1, True)  # other settings are refused


@pytest.mark.parametrize(
    ("options", "expected_code", "message"),
    [
        (["--detector", "whole_frame"], 2, "--detector, --detector-weights, --detect-every, --smooth go with"),
        (["--detect-every", "4", "--flow", "dis"], 2, "go with --pose"),
        (
            ["--pose", "x"],
            1,
            "error: weights of pose estimator 'x' must be given, got none; give them with --pose-weights",
        ),
        (
            ["--pose", "x", "--pose-weights", "missing.onnx", "--detector", "whole_frame"],
            1,
            "got 'missing.onnx', which does not",
        ),
    ],
)
def test_wrong_options_are_one_line(command, out, options, expected_code, message):
    code, stdout, stderr = command("extract.py", out, *options)
    assert (code, stdout) == (expected_code, "")
    assert message in stderr.replace("\n", " ")
    assert "Traceback" not in stderr
