"""Depth as any other modality: every command works on a table of 16-bit recordings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from depth_files import write_depth_folder, write_depth_video
from tool_runs import IN_PROCESS, ROOT, run_tool

from triad.fusion.predictions import Predictions
from triad.fusion.training.zoo import describe
from triad.modalities.video import probe, write_video

DEPTH = ROOT / "configs/depth/r2plus1d_small_table.py"
BOTH = ROOT / "configs/depth/r2plus1d_small_table_rgb_depth.py"
FRAMES, HEIGHT, WIDTH = 6, 24, 32
TINY = [
    f"streams.{stream}.{field}"
    for stream in ("rgb", "depth")
    for field in ("num_frames=2", "transform.size=[28,28]", f"reader.frame_size=[{HEIGHT},{WIDTH}]")
]
BRIEF = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *IN_PROCESS]


def approach(label: int, number: int) -> np.ndarray:
    """A box that comes nearer, goes away or stays, in millimetres; its left edge casts a shadow."""
    pictures = np.full((FRAMES, HEIGHT, WIDTH), 3000 + number, np.uint16)
    for time, picture in enumerate(pictures):
        picture[6:18, 10:22] = 2000 + (label - 1) * 150 * time
        picture[6:18, 8:10] = 0
    return pictures


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve recordings of four people, with RGB of no use; the last two depths are folders, one has no video."""
    folder = tmp_path_factory.mktemp("depth")
    rng = np.random.default_rng(0)
    rows = ["path,depth,label,subject,fps"]
    for number in range(12):
        label = number % 3
        video = f"{number}.mp4"
        write_video(folder / video, rng.integers(0, 255, (FRAMES, HEIGHT, WIDTH, 3), np.uint8), fps=10)
        if number < 10:
            depth = write_depth_video(folder / f"{number}.mkv", approach(label, number)).name
        else:
            depth = write_depth_folder(folder / f"{number}", approach(label, number)).name
        rows.append(f"{video if number < 11 else ''},{depth},{['near', 'far', 'still'][label]},p{number // 3},10")
    (folder / "table.csv").write_text("\n".join(rows))
    assert run_tool("prepare.py", "table", folder / "table.csv", folder / "data") == 0
    return folder / "data"


@pytest.fixture(scope="module")
def work(data: Path) -> Path:
    words = ["--data", data, "--work-dir", data.parent / "work", "--cfg-options", *TINY, *BRIEF]
    assert run_tool("train.py", BOTH, *words) == 0
    return data.parent / "work"


def test_prepared_depth_is_checked(command, data):
    code, out, err = command("prepare.py", "--json", "--check", data)
    assert code == 0, err
    document = json.loads(out)
    assert document["streams"] == {"depth": 12, "rgb": 11}
    assert document["problems"] == []
    assert "that depth pictures decode beyond the first" in document["unverified"]


def test_depth_alone_trains_and_tests(command, data, tmp_path):
    tiny = [option for option in TINY if "depth" in option]
    words = ["--data", data, "--work-dir", tmp_path / "work", "--cfg-options", *tiny, *BRIEF]
    code, _, err = command("train.py", DEPTH, *words)
    assert code == 0, err
    words = ["--data", data, "--split", "test", "--dump", tmp_path / "test.npz", "--cfg-options", *tiny]
    code, _, err = command("test.py", DEPTH, tmp_path / "work", *words)
    assert code == 0, err
    predictions = Predictions.load(tmp_path / "test.npz")
    assert predictions.streams == ("depth",)
    assert predictions.present["depth"].all()


def test_ablation_compares_rgb_and_depth(command, data, work, tmp_path):
    words = ["--data", data, "--out", tmp_path, "--cfg-options", *TINY]
    code, _, err = command("ablate.py", BOTH, work, *words)
    assert code == 0, err
    document = json.loads((tmp_path / "ablation.json").read_text())
    assert [row["streams"] for row in document["rows"] if row["selected"]] == [["rgb"], ["depth"], ["rgb", "depth"]]
    assert ".depth { --tone: rgb(146, 98, 142); }" in (tmp_path / "report.html").read_text()


def test_show_draws_depth(command, data, tmp_path):
    record = json.loads((data / "index.json").read_text())["data_list"][0]["id"]
    code, _, err = command("show.py", data, record, "--count", 3, "--out", tmp_path / "a.png")
    assert code == 0, err
    code, _, err = command("show.py", data, record, "--video", tmp_path / "a.mp4")
    assert code == 0, err
    assert probe(tmp_path / "a.mp4").num_frames == FRAMES


def test_prediction_reads_depth_beside_the_video(command, data, work, tmp_path):
    """The exported stream scores as the trained one; without its file depth is absent, a wrong file is refused."""
    words = ["--stream", "depth", "--json", "--cfg-options", *TINY]
    code, out, err = command("export.py", BOTH, work, tmp_path / "depth.onnx", *words)
    assert code == 0, err
    inputs = {row["name"]: row["shape"] for row in json.loads(out)["inputs"]}
    assert inputs["depth.data"] == ["batch", 2, HEIGHT, WIDTH, 1]
    video, depth = data.parent / "0.mp4", data.parent / "0.mkv"
    scores = {}
    for name, checkpoint in (("torch", work), ("onnx", tmp_path / "depth.onnx")):
        words = ["--checkpoint", checkpoint, "--out", tmp_path / name, "--window", 0.6, "--device", "cpu"]
        code, _, err = command("predict.py", video, *words, "--file", f"depth={depth}")
        assert code == 0, err
        predictions = Predictions.load(tmp_path / name / "predictions.npz")
        assert predictions.present["depth"].all()
        scores[name] = predictions.scores["depth"]
    np.testing.assert_allclose(scores["torch"], scores["onnx"], atol=1e-4)
    words = ["--checkpoint", work, "--out", tmp_path / "without", "--window", 0.6, "--no-video"]
    code, _, err = command("predict.py", video, *words)
    assert code == 0
    assert "note: stream 'depth' is absent" in err
    code, _, err = command("predict.py", video, *words, "--file", f"depth={video}")
    assert code == 1
    assert "must be a video of 16-bit grey frames, got yuv420p; record depth as lossless 16-bit grey" in err


def test_wrong_depth_files_are_found(command, data, tmp_path):
    """An 8-bit video named as depth is dropped when prepared; a file of another length is found by the check."""
    rows = ["path,depth,label,fps"]
    for number in range(4):
        rows.append(
            f"{data.parent}/{number}.mp4,{data.parent}/{number}.{'mp4' if number == 3 else 'mkv'},{number % 2},10"
        )
    rows.append(f"{data.parent}/4.mp4,{data.parent}/none.mkv,0,10")
    (tmp_path / "table.csv").write_text("\n".join(rows))
    out = tmp_path / "out"
    code, text, err = command("prepare.py", "--json", "table", tmp_path / "table.csv", out)
    assert code == 0, err
    reasons = [row["reason"] for row in json.loads(text)["dropped"]]
    assert len(reasons) == 2
    assert any("depth: depth '" in reason and "got yuv420p" in reason for reason in reasons)
    assert any("depth: video must be a file, got" in reason for reason in reasons)
    index = json.loads((out / "index.json").read_text())
    index["data_list"][0]["sources"]["depth"]["num"] = 9
    (out / "index.json").write_text(json.dumps(index))
    code, text, _ = command("prepare.py", "--json", "--check", out)
    assert code == 1
    assert "must hold 9 entries as the index says, got 6" in json.loads(text)["problems"][0]["problem"]


def test_zoo_describes_depth():
    depth, both = describe(DEPTH), describe(BOTH)
    assert (depth["modality"], depth["input"][0]["shape"]) == ("depth", [1, 8, 84, 112])
    assert both["modality"] == "rgb+depth"
