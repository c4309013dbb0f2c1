import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_networks import write_detector

from triad.fusion.index import load_index, write_index
from triad.modalities.video import write_video

ROOT = Path(__file__).resolve().parents[2]


def run_process(*options):
    return subprocess.run(
        [sys.executable, str(ROOT / "tools/extract.py"), *map(str, options)], capture_output=True, text=True, cwd=ROOT
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


def test_stream_is_added_failures_are_listed(out):
    process = run_process(out, "--flow", "dis", "--workers", 1, "--json")
    assert process.returncode == 1
    document = json.loads(process.stdout)
    (row,) = document["streams"]
    assert (document["videos"], row["stream"], row["counts"]) == (5, "flow_dis", {"clipped": 0})
    assert (row["extracted"], row["skipped"], row["failed"], row["failed_before"]) == (3, 0, 2, 0)
    assert "error: 2 of 5 videos failed, see" in process.stderr
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

    times_before = {path: path.stat().st_mtime_ns for path in (out / "flow_dis").glob("*.flow")}
    shutil.copy(out / index.records[0]["video"], out / index.records[1]["video"])  # repaired
    process = run_process(out, "--flow", "dis", "--workers", 1, "--json")
    (row,) = json.loads(process.stdout)["streams"]
    assert process.returncode == 0  # a recorded failure is not tried again
    assert (row["extracted"], row["skipped"], row["failed"], row["failed_before"]) == (1, 3, 0, 1)
    assert {path: path.stat().st_mtime_ns for path in times_before} == times_before
    assert "flow_dis" in load_index(out).records[1]["sources"]


def test_profile_and_rate_are_printed(command, out, monkeypatch):
    monkeypatch.setattr(
        "triad.modalities.extraction.workers.available_cores", lambda: 1
    )  # with more, kinds of work overlap
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)  # a log file has a line every 30 seconds instead of the bar
    code, stdout, stderr = command("extract.py", out, "--flow", "dis", "--workers", 1, "--json")
    assert code == 1
    profile = json.loads(stdout)["profile"]
    assert set(profile["seconds"]) == {"decode", "flow", "write", "wait"}
    assert sum(profile["seconds"].values()) == pytest.approx(profile["wall"] * profile["workers"])
    assert profile["frames_per_second"] == pytest.approx(41 / profile["wall"])  # 4 × 10 frames and the one
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stderr)  # without colours
    assert re.search(r"41/41 .*[\d.e+]+ frames/s", text)
    stdout = command("extract.py", out, "--flow", "dis", "--workers", 1, "--retry-failed")[1]
    assert "flow_dis: 0 extracted, 3 finished before, 2 failed, 0 failed before; " in stdout
    next_stdout = command("extract.py", out, "--flow", "dis", "--workers", 1)[1]
    assert "0 failed, 2 failed before (--retry-failed tries them again); " in next_stdout
    assert re.search(r"^decode \d+%, .*wait \d+% of 1 × \d+\.\d s; \d+ frames/s$", stdout, re.M)


def test_status_joins_the_shards(command, out):
    index_before = (out / "index.json").read_bytes()
    arguments = ["extract.py", out, "--flow", "dis", "--workers", 1]
    codes, outputs = zip(*(command(*arguments, "--shard", f"{number}/2")[:2] for number in (2, 1)), strict=True)
    assert 1 in codes
    assert f"when all shards are done: triad extract {out} --status" in outputs[0]
    assert (out / "index.json").read_bytes() == index_before
    assert not (out / "flow_dis/failures.json").exists()

    code, stdout, _ = command("extract.py", out, "--status", "--json")
    assert code == 0
    ids = [record["id"] for record in load_index(out).records]
    (status,) = json.loads(stdout)["streams"]
    assert (status["stream"], status["videos"], status["done"]) == ("flow_dis", 5, 3)
    assert (status["missing"], status["damaged"]) == ([], [])
    assert [row["id"] for row in status["failed"]] == [ids[1], ids[2]]
    assert "must be readable" in status["failed"][0]["reason"]
    assert "two frames" in status["failed"][1]["reason"]
    assert json.loads((out / "flow_dis/failures.json").read_text()) == status["failed"]
    ids_with_flow = [record["id"] for record in load_index(out).records if "flow_dis" in record["sources"]]
    assert ids_with_flow == [ids[0], ids[4], ids[5]]


def test_status_of_unfinished_streams(command, out):
    assert command("extract.py", out, "--status")[0] == 1  # no stream
    command("extract.py", out, "--flow", "dis", "--workers", 1, "--shard", "1/2")
    command("extract.py", out, "--flow", "farneback", "--workers", 1)
    code, stdout, _ = command("extract.py", out, "--status")
    assert code == 0
    header, dis, farneback, *reasons = stdout.splitlines()
    assert header.split() == ["stream", "videos", "done", "failed", "missing", "damaged", "MB"]
    # the longest first, by id where equal: 1/2 has the first, the fifth and the one of one frame
    assert dis.split()[:6] == ["flow_dis", "5", "2", "1", "2", "0"]
    assert farneback.split()[:6] == ["flow_farneback", "5", "3", "2", "0", "0"]
    assert [line.split()[:2] for line in reasons] == [["flow_dis", "failed"], *[["flow_farneback", "failed"]] * 2]
    (status,) = json.loads(command("extract.py", out, "--status", "--flow", "dis", "--json")[1])["streams"]
    assert status["stream"] == "flow_dis"
    assert len(status["missing"]) == 2


def test_verify_finds_damage_extract_repairs(command, out):
    command("extract.py", out, "--flow", "dis", "--workers", 1)
    assert command("extract.py", out, "--verify")[:2] == (0, "3 files are unchanged, 0 are damaged\n")
    id = load_index(out).records[4]["id"]
    path = out / f"flow_dis/{id}.flow"
    content = path.read_bytes()
    path.write_bytes(content[:40] + bytes([content[40] ^ 4]) + content[41:])
    code, stdout, stderr = command("extract.py", out, "--verify", "--flow", "dis", "--json")
    assert code == 1
    reason = f"flow must be unchanged, got '{path}', in which a byte has changed; extract the flow again"
    assert json.loads(stdout)["sound"] == 2
    (row,) = json.loads(stdout)["damaged"]
    assert (row["stream"], row["id"]) == ("flow_dis", id)
    assert row["reason"].startswith(reason)
    assert f"error: 1 files are damaged; extract again to replace them; '{id}': {reason}" in stderr
    code, stdout, _ = command("extract.py", out, "--flow", "dis", "--workers", 1, "--json")
    assert (code, json.loads(stdout)["streams"][0]["extracted"]) == (0, 1)
    assert path.read_bytes() == content


def test_verify_refuses_other_settings(command, out, monkeypatch):
    command("extract.py", out, "--flow", "dis", "--workers", 1)
    files_before = sorted((out / "flow_dis").glob("*.flow"))
    monkeypatch.setattr("triad.modalities.flow.extractor.STEP", 1 / 16)
    code, _, stderr = command("extract.py", out, "--verify", "--flow", "dis")
    assert code == 1
    assert "'stored' of this extraction must be" in stderr
    assert sorted((out / "flow_dis").glob("*.flow")) == files_before


def test_objects_join_the_index(command, out, tmp_path):
    cups = write_detector(tmp_path / "yolox.onnx", [(4, 4, 20, 40, 0.9)], labels=[41], classes=80)
    code, _, _ = command("extract.py", out, "--objects", "tiny", "--object-detector", cups, "--workers", 1)
    assert code == 1  # a video is corrupt
    index = load_index(out)
    assert index.metainfo["streams"]["objects_tiny"]["classes"][41] == "cup"
    entry = index.records[0]["sources"]["objects_tiny"]
    assert {key: entry[key] for key in ("num", "fps", "size")} == {"num": 10, "fps": 10.0, "size": [48, 64]}


@pytest.mark.parametrize(
    ("options", "expected_code", "message"),
    [
        (["--flow", "raft_small"], 1, "error: weights of raft_small must be given, got none; give it with --weights"),
        (["--flow", "diss"], 2, "got 'diss' (did you mean 'dis'?)"),
        (["--flow", "dis", "--iteration", "3"], 2, "Did you mean '--iterations'"),
        ([], 2, "Missing option '--flow'"),
        (["--features", "work", "--weights", "a.pth"], 2, "--weights, --iterations and --warm-start go with --flow"),
        (["--flow", "dis", "--shard", "0/4"], 2, "shard must be i/n with i from 1 to n, as 1/4, got 0/4"),
        (["--status", "--verify"], 2, "--status, --verify and --retry-failed exclude each other"),
        (["--verify"], 1, "extracted streams, got none; extract with --flow, --pose, --objects or --features"),
    ],
)
def test_wrong_options_are_one_line(command, out, options, expected_code, message):
    code, stdout, stderr = command("extract.py", out, *options)
    assert (code, stdout) == (expected_code, "")
    assert message in stderr.replace("\n", " ")
    assert "Traceback" not in stderr


def test_unprepared_folder_is_refused(tmp_path):
    process = run_process(tmp_path, "--flow", "dis")
    assert process.returncode == 1
    assert "index.json', which does not exist; prepare the dataset again" in process.stderr
