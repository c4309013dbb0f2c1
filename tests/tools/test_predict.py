"""From a prepared folder to an annotated video, by the commands; what predict says of a clip is what test says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from tool_runs import CONFIGS, IN_PROCESS, run_tool, twelve_clips

from fusion.annotated_video.frame_layout import PANEL_WIDTH, TIMELINE_HEIGHT, picture_size
from fusion.predictions import Predictions
from modalities.video import iter_frames, probe, write_video

SMALL = {
    "rgb": [
        "streams.rgb.num_frames=3",
        "streams.rgb.transform.size=[28,28]",
        "test_dataloader.dataset.temporal_sampler.num_clips=2",
    ],
    "flow_dis": ["streams.flow_dis.num_frames=3", "streams.flow_dis.transform.size=[28,28]"],
    "skeleton": ["streams.skeleton.num_frames=4"],
}
BRIEF = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *IN_PROCESS, "test_dataloader.num_workers=0"]
CLIP = "left_s02"


def check_tool(name: str, *words: object) -> None:
    assert run_tool(name, *words) == 0


@pytest.fixture(scope="module")
def home(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``data``, one trained work folder a stream, and what each says of the test split, also of a part of its clips."""
    home = tmp_path_factory.mktemp("predict")
    twelve_clips(tiny, home / "data")
    check_tool("extract.py", home / "data", "--flow", "dis", "--workers", 1)
    for stream, config in CONFIGS.items():
        options = ["--data", home / "data", "--cfg-options", *SMALL[stream], *BRIEF]
        check_tool("train.py", config, "--work-dir", home / stream, *options)
        check_tool("test.py", config, home / stream, "--dump", home / f"{stream}.npz", *options)
    whole = json.loads((home / "data/index.json").read_text())
    for record in whole["data_list"]:
        record |= {"start": 0.4, "end": 0.8}
    (home / "data/index.json").write_text(json.dumps(whole))
    options = ["--data", home / "data", "--cfg-options", *SMALL["flow_dis"], *BRIEF]
    check_tool("test.py", CONFIGS["flow_dis"], home / "flow_dis", "--dump", home / "part.npz", *options)
    return home


def row_of(path: Path, clip: str) -> Predictions:
    found = Predictions.load(path)
    return found.select(found.ids == clip)


def works(home: Path) -> list[Path]:
    return [home / stream for stream in CONFIGS]


def test_three_streams_say_what_test_says(command, home, tmp_path):
    """Two test views of RGB, stored and rounded flow, a skeleton file; and the whole clip is one window by itself."""
    video, out = home / f"data/videos/{CLIP}.mp4", tmp_path / "out"
    skeleton = ["--skeleton", home / f"data/skeleton/{CLIP}.npz"]
    code, printed, err = command(
        "predict.py", video, "--checkpoint", *works(home), *skeleton, "--out", out, "--weights", 2, 1, 1
    )
    assert code == 0, err
    said = Predictions.load(out / "predictions.npz")
    assert len(said) == 1
    for stream in CONFIGS:
        expected = row_of(home / f"{stream}.npz", CLIP)
        np.testing.assert_allclose(said.scores[stream], expected.scores[stream], atol=1e-4)
    shares = {name: np.exp(said.scores[name] - np.logaddexp.reduce(said.scores[name], 1)) for name in CONFIGS}
    mean = 0.5 * shares["rgb"] + 0.25 * shares["flow_dis"] + 0.25 * shares["skeleton"]
    np.testing.assert_allclose(np.exp(said.scores["fused"]), mean, atol=1e-5)
    document = json.loads((out / "labels.json").read_text())
    assert document["window"]["seconds"] == 1.0
    assert document["windows"][0]["label"] == ("left", "right", "still")[int(mean.argmax())]
    assert set(document["windows"][0]["streams"]) == set(CONFIGS)
    assert document["fusion"] == {"method": "mean", "weights": {"rgb": 2.0, "flow_dis": 1.0, "skeleton": 1.0}}
    assert {"decode", "flow", "network", "render"} <= set(document["stages"])
    assert "frames a second of each stage" in printed
    rows = list(csv.DictReader((out / "labels.csv").open(encoding="utf-8")))
    assert [(row["start"], row["end"], row["label"]) for row in rows] == [("0.0", "1.0", rows[0]["label"])]
    film = probe(out / "annotated.mp4")
    height, width = picture_size((48, 64))
    assert film == (10, 10.0, height + TIMELINE_HEIGHT, width + PANEL_WIDTH, None)
    assert sorted(path.name for path in out.iterdir()) == [
        *("annotated.mp4", "labels.csv", "labels.json", "predictions.npz")
    ]


def test_a_window_is_a_record_of_that_span(command, home, tmp_path):
    words = ["--window", 0.4, "--stride", 0.2, "--no-video", "--out", tmp_path, "--json"]
    code, printed, err = command(
        "predict.py", home / f"data/videos/{CLIP}.mp4", "--checkpoint", home / "flow_dis", *words
    )
    assert code == 0, err
    document = json.loads(printed)
    assert [(row["start"], row["end"]) for row in document["windows"]] == [(0, 0.4), (0.2, 0.6), (0.4, 0.8), (0.6, 1.0)]
    said = Predictions.load(tmp_path / "predictions.npz")
    np.testing.assert_allclose(
        said.scores["flow_dis"][2:3], row_of(home / "part.npz", CLIP).scores["flow_dis"], atol=1e-4
    )
    assert document["segments"][0]["start"] == 0
    assert document["segments"][-1]["end"] == 1.0
    assert not (tmp_path / "annotated.mp4").exists()


def test_what_is_absent_is_said_and_the_others_answer(command, home, tmp_path):
    words = ["--checkpoint", *works(home), "--out", tmp_path, "--no-video", "--json", "--half"]
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words)
    assert code == 0, err
    assert "note: stream 'skeleton' is absent, the others answer without it: its joints are 3D ('minihome16')" in err
    assert "--skeleton FILE.npz" in err
    document = json.loads(printed)
    assert document["windows"][0]["streams"]["skeleton"] is None
    said = Predictions.load(tmp_path / "predictions.npz")
    assert not said.present["skeleton"].any()
    assert said.present["fused"].all()
    exact = row_of(home / "rgb.npz", CLIP).scores["rgb"]
    assert 0 < np.abs(said.scores["rgb"] - exact).max() < 0.1  # bfloat16


def test_a_file_played_in_real_time(command, home, tmp_path):
    words = ["--checkpoint", home / "rgb", "--live-interval", 0.25, "--window", 0.5, "--out", tmp_path]
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words)
    assert code == 0, err
    lines = [line for line in printed.splitlines() if "dropped" in line]
    document = json.loads((tmp_path / "labels.json").read_text())
    assert 1 <= len(lines) == len(document["windows"]) <= 3
    assert document["video"]["frames"] + document.get("live", {}).get("dropped", 0) == 10
    assert probe(tmp_path / "annotated.mp4").fps == 10


def test_odd_videos(command, home, tmp_path):
    """Upright, and of a single frame: nothing that takes time can be seen in it, so its flow is absent."""
    frames = list(iter_frames(home / f"data/videos/{CLIP}.mp4"))
    write_video(tmp_path / "up.mp4", [np.ascontiguousarray(np.rot90(frame)) for frame in frames], fps=10)
    write_video(tmp_path / "one.mp4", frames[:1], fps=10)
    for name, notes in (("up", 0), ("one", 1)):
        words = ["--checkpoint", home / "rgb", home / "flow_dis", "--window", 3, "--out", tmp_path / name]
        code, _, err = command("predict.py", tmp_path / f"{name}.mp4", *words)
        assert code == 0, err
        assert err.count("stream 'flow_dis' is absent, the others answer without it: a single frame") == notes
        film = probe(tmp_path / name / "annotated.mp4")
        assert film.num_frames == (1 if name == "one" else 10)
    assert film.width > film.height


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.mp4", "--checkpoint", "{home}/rgb"], "video must be a file, got 'none.mp4', which does not exist"),
        (["{home}/part.npz", "--checkpoint", "{home}/rgb"], "video must be readable, got '.*part.npz'"),
        (["{video}", "--checkpoint", "{home}/none"], "checkpoint must be a file, got .*none.* which does not exist"),
        (
            ["{video}", "--checkpoint", "{home}/rgb", "--config", "{flow}"],
            "checkpoint .* must have shape .* got nothing; give the config",
        ),
        (["{video}", "--checkpoint", "{home}/skeleton"], "stream 'skeleton' must be in the video or beside it.* 3D"),
        (
            ["{video}", "--checkpoint", "{home}/rgb", "{home}/rgb"],
            "streams of several models must differ, got 'rgb' in two models",
        ),
        (
            ["{video}", "--checkpoint", "{home}/rgb", "{home}/flow_dis", "--weights", "1"],
            "--weights must be one number",
        ),
        (["{video}", "--checkpoint", "{home}/rgb", "--window", "-1"], "--window must be a positive number"),
        (
            ["{video}", "--checkpoint", "{home}/rgb", "--device", "gpu7"],
            "--device must be one that torch knows and this machine has",
        ),
        (
            ["{video}", "--checkpoint", "{home}/skeleton", "--skeleton", "{long}"],
            "skeleton '.*' must hold 10 poses as the video has frames, got 12; give --skeleton-fps",
        ),
        (
            ["nowhere", "--checkpoint", "{home}/rgb", "--live-interval", "1"],
            "live video must be readable, got 'nowhere'",
        ),
    ],
)
def test_what_does_not_fit_is_one_line(command, one_line, home, tmp_path, words, message):
    poses = np.load(home / f"data/skeleton/{CLIP}.npz")
    longer = {name: np.concatenate([poses[name], poses[name][:, :2]], axis=1) for name in poses.files}
    np.savez(tmp_path / "long.npz", **longer)
    places = {
        "home": home,
        "video": home / f"data/videos/{CLIP}.mp4",
        "flow": CONFIGS["flow_dis"],
        "long": tmp_path / "long.npz",
    }
    filled = [word.format(**places) for word in words]
    code, printed, err = command("predict.py", *filled, "--out", tmp_path / "out")
    assert (code, printed) == (1, "")
    lines = [line for line in err.strip().splitlines() if not line.startswith("note: ")]
    assert re.search(message, one_line(lines[-1])), err
    assert not (tmp_path / "out").exists()
