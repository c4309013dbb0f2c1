"""predict on a video: the scores of test, result files, live mode."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from predicted_streams import CLIP, SMALL_STREAMS, load_row, work_folders
from scipy.special import softmax
from tool_runs import CONFIGS, IN_PROCESS
from trained_models import load_untrained

from triad.fusion.annotated_video.frame_layout import PANEL_WIDTH, TIMELINE_HEIGHT, picture_size
from triad.fusion.predictions import Predictions
from triad.modalities.video import iter_frames, probe, write_video


def test_scores_equal_those_of_test(command, home, tmp_path):
    """Predict a clip as one window: two test clips of RGB, flow, and a skeleton file."""
    video = home / f"data/videos/{CLIP}.mp4"
    out = tmp_path / "out"
    skeleton = ["--skeleton", home / f"data/skeleton/{CLIP}.npz"]
    code, printed, err = command(
        "predict.py", video, "--checkpoint", *work_folders(home), *skeleton, "--out", out, "--weights", 2, 1, 1
    )
    assert code == 0, err
    predictions = Predictions.load(out / "predictions.npz")
    assert len(predictions) == 1
    for stream in CONFIGS:
        expected = load_row(home / f"{stream}.npz", CLIP)
        np.testing.assert_allclose(predictions.scores[stream], expected.scores[stream], atol=1e-4)
    rgb, flow, skeleton = (softmax(predictions.scores[name], axis=1) for name in ("rgb", "flow_dis", "skeleton"))
    mean = 0.5 * rgb + 0.25 * flow + 0.25 * skeleton
    np.testing.assert_allclose(np.exp(predictions.scores["fused"]), mean, atol=1e-5)
    document = json.loads((out / "labels.json").read_text())
    assert document["window"]["seconds"] == 1.0
    assert document["windows"][0]["label"] == ("left", "right", "still")[int(mean.argmax())]
    assert set(document["windows"][0]["streams"]) == set(CONFIGS)
    assert document["fusion"] == {"method": "mean", "weights": {"rgb": 2.0, "flow_dis": 1.0, "skeleton": 1.0}}
    assert {"decode", "flow", "network", "render"} <= set(document["stages"])
    assert "frames a second of each stage" in printed
    rows = list(csv.DictReader((out / "labels.csv").open(encoding="utf-8")))
    assert [(row["start"], row["end"], row["label"]) for row in rows] == [("0.0", "1.0", rows[0]["label"])]
    height, width = picture_size((48, 64))
    assert probe(out / "annotated.mp4")[:5] == (10, 10.0, height + TIMELINE_HEIGHT, width + PANEL_WIDTH, None)
    assert sorted(path.name for path in out.iterdir()) == [
        *("annotated.mp4", "labels.csv", "labels.json", "predictions.npz")
    ]


def test_window_equals_record_of_its_span(command, home, tmp_path):
    words = ["--window", 0.4, "--stride", 0.2, "--no-video", "--out", tmp_path, "--json"]
    code, printed, err = command(
        "predict.py", home / f"data/videos/{CLIP}.mp4", "--checkpoint", home / "flow_dis", *words
    )
    assert code == 0, err
    document = json.loads(printed)
    assert [(row["start"], row["end"]) for row in document["windows"]] == [(0, 0.4), (0.2, 0.6), (0.4, 0.8), (0.6, 1.0)]
    scores = Predictions.load(tmp_path / "predictions.npz").scores["flow_dis"]
    np.testing.assert_allclose(scores[2:3], load_row(home / "trimmed.npz", CLIP).scores["flow_dis"], atol=1e-4)
    assert document["segments"][0]["start"] == 0
    assert document["segments"][-1]["end"] == 1.0
    assert not (tmp_path / "annotated.mp4").exists()


STACKS = [
    *("streams.flow_dis.reader.stack=2", "streams.flow_dis.encoder.in_channels=4"),
    *("streams.flow_dis.transform.subtract_mean=True", "streams.flow_dis.transform.bound=0.5"),
]


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("dense", ["clip_len=3", "frame_interval=1", "num_clips=2"]),
        ("dense", ["clip_len=3", "interval=0.05", "num_clips=2"]),
        ("dense", ["clip_len=3", "frame_interval=2", "out_of_bound_opt=loop"]),  # six frames of a record of four
        ("stack", ["num_clips=2"]),
    ],
    ids=["frames", "seconds", "looped", "stacks"],
)
def test_policies_and_stacks_equal_test(command, home, tmp_path, policy, options):
    sampler = "test_dataloader.dataset.temporal_sampler"
    options = [
        *SMALL_STREAMS["flow_dis"],
        *STACKS,
        *(f"{sampler}.{option}" for option in (f"policy={policy}", *options)),
    ]
    load_untrained(tmp_path, CONFIGS["flow_dis"], home / "data", options)
    checkpoint = tmp_path / "epoch_1.pth"
    words = ["--data", home / "data", "--dump", tmp_path / "test.npz", "--cfg-options", *options, *IN_PROCESS]
    code, _, err = command("test.py", CONFIGS["flow_dis"], checkpoint, *words, "test_dataloader.num_workers=0")
    assert code == 0, err
    words = ["--window", 0.4, "--stride", 0.2, "--no-video", "--out", tmp_path / "out"]
    video = home / f"data/videos/{CLIP}.mp4"
    model = ["--checkpoint", checkpoint, "--config", CONFIGS["flow_dis"], "--cfg-options", *options]
    code, _, err = command("predict.py", video, *words, *model)
    assert code == 0, err
    scores = Predictions.load(tmp_path / "out/predictions.npz").scores["flow_dis"]  # of the window from 0.4 to 0.8 s
    np.testing.assert_allclose(scores[2:3], load_row(tmp_path / "test.npz", CLIP).scores["flow_dis"], atol=1e-5)
    assert np.abs(scores[2] - scores[1]).max() > 1e-3


def test_absent_stream_is_noted(command, home, tmp_path):
    words = ["--checkpoint", *work_folders(home), "--out", tmp_path, "--no-video", "--json", "--half"]
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words)
    assert code == 0, err
    assert "note: stream 'skeleton' is absent, the others predict without it: its joints are 3D ('minihome16')" in err
    assert "--skeleton FILE" in err
    document = json.loads(printed)
    assert document["windows"][0]["streams"]["skeleton"] is None
    predictions = Predictions.load(tmp_path / "predictions.npz")
    assert not predictions.present["skeleton"].any()
    assert predictions.present["fused"].all()
    exact = load_row(home / "rgb.npz", CLIP).scores["rgb"]
    assert 0 < np.abs(predictions.scores["rgb"] - exact).max() < 0.1  # bfloat16


def test_live_mode_plays_a_file(command, home, tmp_path):
    words = ["--checkpoint", home / "rgb", "--live-interval", 0.25, "--window", 0.5, "--out", tmp_path]
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words)
    assert code == 0, err
    lines = [line for line in printed.splitlines() if "dropped" in line]
    document = json.loads((tmp_path / "labels.json").read_text())
    assert 1 <= len(lines) == len(document["windows"]) <= 3
    assert document["video"]["frames"] + document.get("live", {}).get("dropped", 0) == 10
    assert probe(tmp_path / "annotated.mp4").fps == 10


def test_live_predictions_are_json_lines(command, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["--checkpoint", home / "rgb", "--live-interval", 0.25, "--window", 0.5, "--json"]
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words)
    assert code == 0, err
    rows = [json.loads(line) for line in printed.splitlines()]
    assert rows[0] | {"top": [], "label": "", "probability": 0} == {
        **{"start": 0.0, "end": 0.5, "label": "", "probability": 0, "top": []},
        **{"dropped": 0, "skipped": rows[0]["skipped"]},
    }
    assert not list(tmp_path.iterdir())
    code, printed, err = command("predict.py", home / f"data/videos/{CLIP}.mp4", *words, "--out", tmp_path / "out")
    assert code == 0, err
    windows = json.loads((tmp_path / "out/labels.json").read_text())["windows"]
    assert [json.loads(line)["end"] for line in printed.splitlines()] == [window["end"] for window in windows]


def test_rules_give_alerts(command, home, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "no label"\nlabels = ["left", "right", "still"]\nat_least = 0.5\n')
    words = [home / f"data/videos/{CLIP}.mp4", "--checkpoint", home / "rgb", "--window", 0.5, "--rules", rules]
    code, printed, err = command("predict.py", *words, "--no-video", "--out", tmp_path / "file")
    assert code == 0, err
    assert "alert: no label at 0.5 s, for 0.5 s" in printed
    expected = {"alert": "no label", "time": 0.5, "start": 0.0, "seconds": 0.5}
    assert json.loads((tmp_path / "file/labels.json").read_text())["alerts"] == [expected]
    code, printed, err = command("predict.py", *words, "--live-interval", 0.25, "--json")
    assert code == 0, err
    rows = [json.loads(line) for line in printed.splitlines()]
    assert [row["alert"] for row in rows if "alert" in row] == ["no label"]


def test_portrait_and_single_frame_videos(command, home, tmp_path):
    frames = list(iter_frames(home / f"data/videos/{CLIP}.mp4"))
    write_video(tmp_path / "portrait.mp4", [np.ascontiguousarray(np.rot90(frame)) for frame in frames], fps=10)
    write_video(tmp_path / "single.mp4", frames[:1], fps=10)
    for name, notes in (("portrait", 0), ("single", 1)):  # a single frame has no flow
        words = ["--checkpoint", home / "rgb", home / "flow_dis", "--window", 3, "--out", tmp_path / name]
        code, _, err = command("predict.py", tmp_path / f"{name}.mp4", *words)
        assert code == 0, err
        assert err.count("stream 'flow_dis' is absent, the others predict without it: a single frame") == notes
        annotated = probe(tmp_path / name / "annotated.mp4")
        assert annotated.num_frames == (1 if name == "single" else 10)
        assert annotated.width > annotated.height
