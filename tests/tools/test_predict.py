"""predict on a video: the scores of test, result files, live mode, and inputs that are refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from scipy.special import softmax
from tool_runs import CONFIGS, IN_PROCESS, run_tool, twelve_clips
from trained_models import load_untrained

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
SHORT_RUN = ["train_cfg.max_epochs=1", "train_cfg.val_interval=9", *IN_PROCESS, "test_dataloader.num_workers=0"]
CLIP = "left_s02"


def run_successfully(name: str, *words: object) -> None:
    assert run_tool(name, *words) == 0


@pytest.fixture(scope="module")
def home(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the dataset ``data``, a work folder and test predictions a stream, and ``trimmed.npz``.

    ``trimmed.npz`` holds the predictions for the span 0.4–0.8 s of every clip.
    """
    home = tmp_path_factory.mktemp("predict")
    twelve_clips(tiny, home / "data")
    run_successfully("extract.py", home / "data", "--flow", "dis", "--workers", 1)
    for stream, config in CONFIGS.items():
        options = ["--data", home / "data", "--cfg-options", *SMALL[stream], *SHORT_RUN]
        run_successfully("train.py", config, "--work-dir", home / stream, *options)
        run_successfully("test.py", config, home / stream, "--dump", home / f"{stream}.npz", *options)
    index = json.loads((home / "data/index.json").read_text())
    for record in index["data_list"]:
        record |= {"start": 0.4, "end": 0.8}
    (home / "data/index.json").write_text(json.dumps(index))
    options = ["--data", home / "data", "--cfg-options", *SMALL["flow_dis"], *SHORT_RUN]
    run_successfully("test.py", CONFIGS["flow_dis"], home / "flow_dis", "--dump", home / "trimmed.npz", *options)
    return home


def load_row(path: Path, clip: str) -> Predictions:
    predictions = Predictions.load(path)
    return predictions.select(predictions.ids == clip)


def work_folders(home: Path) -> list[Path]:
    return [home / stream for stream in CONFIGS]


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
    options = [*SMALL["flow_dis"], *STACKS, *(f"{sampler}.{option}" for option in (f"policy={policy}", *options))]
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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.mp4", "--checkpoint", "{home}/rgb"], "video must be a file, got 'none.mp4', which does not exist"),
        (
            ["{home}/trimmed.npz", "--checkpoint", "{home}/rgb"],
            "skeleton '.*trimmed.npz' must be read by a model, got models of rgb",
        ),
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
def test_unfit_input_is_one_line(command, one_line, home, tmp_path, words, message):
    poses = np.load(home / f"data/skeleton/{CLIP}.npz")
    longer_poses = {name: np.concatenate([poses[name], poses[name][:, :2]], axis=1) for name in poses.files}
    np.savez(tmp_path / "long.npz", **longer_poses)
    paths = {
        "home": home,
        "video": home / f"data/videos/{CLIP}.mp4",
        "flow": CONFIGS["flow_dis"],
        "long": tmp_path / "long.npz",
    }
    arguments = [word.format(**paths) for word in words]
    code, printed, err = command("predict.py", *arguments, "--out", tmp_path / "out")
    assert (code, printed) == (1, "")
    lines = [line for line in err.strip().splitlines() if not line.startswith("note: ")]
    assert re.search(message, one_line(lines[-1])), err
    assert not (tmp_path / "out").exists()


def test_code_beside_a_checkpoint_does_not_run(command, one_line, home, tmp_path):
    """A checkpoint describes its model; of an older one the config that lies beside it runs only where it is named."""
    work = tmp_path / "work"
    work.mkdir()
    for name in ("last_checkpoint", "epoch_1.pth"):
        shutil.copy(home / "rgb" / name, work / name)
    (work / "model.py").write_text("print('code beside a checkpoint ran')\nraise SystemExit(9)\n")
    words = [home / f"data/videos/{CLIP}.mp4", "--checkpoint", work, "--no-video", "--out", tmp_path / "out"]
    code, printed, err = command("predict.py", *words)
    assert (code, "code beside" in printed) == (0, False), err
    content = torch.load(work / "epoch_1.pth", weights_only=True)
    del content["meta"]["model_config"]
    torch.save(content, work / "epoch_1.pth")
    code, printed, err = command("predict.py", *words)
    assert (code, printed) == (1, "")
    assert f"name it: --config {work / 'model.py'}" in one_line(err)
    code, _, err = command("predict.py", *words, "--config", CONFIGS["rgb"], "--cfg-options", *SMALL["rgb"])
    assert code == 0, err


def test_skeleton_alone_gives_the_labels_of_test(command, home, tmp_path):
    skeleton = home / f"data/skeleton/{CLIP}.npz"
    words = ["--checkpoint", home / "skeleton", "--skeleton-fps", 10, "--out", tmp_path]
    for recording in ([skeleton], ["--skeleton", skeleton]):
        code, _, err = command("predict.py", *recording, *words)
        assert code == 0, err
        expected = load_row(home / "skeleton.npz", CLIP)
        scores = Predictions.load(tmp_path / "predictions.npz").scores["skeleton"]
        np.testing.assert_allclose(scores, expected.scores["skeleton"], atol=1e-4)
        assert not (tmp_path / "annotated.mp4").exists()


def test_skeleton_alone_needs_its_rate(command, one_line, home, tmp_path):
    words = ["--checkpoint", home / "skeleton", "--out", tmp_path / "out"]
    code, _, err = command("predict.py", home / f"data/skeleton/{CLIP}.npz", *words)
    assert code == 1
    assert "have a rate where there is no video, got none; give --skeleton-fps" in one_line(err)


def test_one_failure_does_not_stop_the_others(command, home, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/text.mp4").write_text("no video")
    shutil.copy(home / f"data/videos/{CLIP}.mp4", tmp_path / "broken")
    videos = [home / f"data/videos/{CLIP}.mp4", tmp_path / "broken/text.mp4", tmp_path / f"broken/{CLIP}.mp4"]
    words = ["--checkpoint", home / "rgb", "--no-video", "--out", tmp_path / "out", "--json"]
    code, printed, err = command("predict.py", *videos, *words)
    assert code == 1
    assert re.search("error: '.*text.mp4': video must be", err)
    assert err.rstrip().endswith("error: 1 of 3 failed")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [CLIP, f"{CLIP}_2"]
    first, failed, last = json.loads(printed)
    assert first["windows"][0]["top"] == last["windows"][0]["top"]
    assert "video must be" in failed["error"]
    assert (tmp_path / f"out/{CLIP}_2/labels.json").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--checkpoint", "k"], "name a VIDEO, or a skeleton recording with --skeleton"),
        (["a.mp4", "b.mp4", "--checkpoint", "k", "--skeleton", "s.npz"], "go with one VIDEO"),
        (["a.mp4", "--checkpoint", "k", "--lift", "w"], "--lift needs --pose-weights and --detector"),
    ],
)
def test_options_that_do_not_fit_are_usage(command, words, message):
    code, _, err = command("predict.py", *words)
    assert code == 2
    assert message in err


def test_folder_of_pictures_is_a_video(command, home, tmp_path):
    for number, frame in enumerate(iter_frames(home / f"data/videos/{CLIP}.mp4"), start=1):
        cv2.imwrite(str(tmp_path / f"img_{number:05d}.png"), frame[..., ::-1])
    words = ["--checkpoint", home / "rgb", "--no-video", "--fps", 10, "--out", tmp_path / "out"]
    code, _, err = command("predict.py", tmp_path, *words)
    assert code == 0, err
    scores = Predictions.load(tmp_path / "out/predictions.npz").scores["rgb"]
    np.testing.assert_allclose(scores, load_row(home / "rgb.npz", CLIP).scores["rgb"], atol=1e-4)
