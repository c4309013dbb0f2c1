import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fusion.data.index import load_index, write_index
from modalities.video import write_video

ROOT = Path(__file__).resolve().parents[2]


def run(*args):
    return subprocess.run(
        [sys.executable, str(ROOT / "tools/extract.py"), *map(str, args)], capture_output=True, text=True, cwd=ROOT
    )


@pytest.fixture
def out(tiny, tmp_path):
    """Six clips of the tiny dataset: the second is corrupt, the third has one frame, the fourth has no video."""
    index = load_index(tiny)
    records = index.records[:6]
    for record in records:
        for source in record["sources"].values():
            (tmp_path / source["path"]).parent.mkdir(exist_ok=True)
            shutil.copy(tiny / source["path"], tmp_path / source["path"])
    (tmp_path / records[1]["video"]).write_bytes(b"corrupt" * 50)
    write_video(tmp_path / records[2]["video"], [np.zeros((48, 64, 3), np.uint8)], fps=10)
    records[2]["sources"]["rgb"]["num"] = 1
    del records[3]["sources"]["rgb"]
    write_index(tmp_path / "index.json", index.metainfo, records)
    return tmp_path


def test_extract_adds_the_stream_and_reports_what_failed(out):
    done = run(out, "--flow", "dis", "--workers", 1, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert (document["videos"], document["extracted"], document["skipped"], document["failed"]) == (5, 3, 0, 2)
    assert "error: 2 of 5 videos failed, see" in done.stderr
    ids = [record["id"] for record in load_index(out).records]
    failures = json.loads((out / "flow_dis/failures.json").read_text())
    assert [row["id"] for row in failures] == [ids[1], ids[2]]
    assert "must be readable" in failures[0]["reason"]
    index = load_index(out)
    assert index.metainfo["streams"]["flow_dis"] == {"modality": "flow"}
    entries = [record["sources"].get("flow_dis") for record in index.records]
    assert [entry is not None for entry in entries] == [True, False, False, False, True, True]
    assert entries[0] == {"path": f"flow_dis/{ids[0]}.flow", "num": 9, "fps": 10.0}
    assert index.source(index.records[0], "flow_dis").path.is_file()

    before = {path: path.stat().st_mtime_ns for path in (out / "flow_dis").glob("*.flow")}
    shutil.copy(out / index.records[0]["video"], out / index.records[1]["video"])  # mended
    again = run(out, "--flow", "dis", "--workers", 1, "--json")
    document = json.loads(again.stdout)
    assert (document["extracted"], document["skipped"], document["failed"]) == (1, 3, 1)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "flow_dis" in load_index(out).records[1]["sources"]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["--flow", "raft_small"], 1, "error: weights of raft_small must be given, got none; give it with --weights"),
        (["--flow", "diss"], 2, "'diss' is not one of 'dis'"),
        (["--flow", "dis", "--iteration", "3"], 2, "Did you mean '--iterations'"),
    ],
)
def test_wrong_options_are_one_line(out, args, code, message):
    done = run(out, *args)
    assert done.returncode == code
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_prepared(tmp_path):
    done = run(tmp_path, "--flow", "dis")
    assert done.returncode == 1
    assert "index.json', which does not exist; prepare the dataset again" in done.stderr
