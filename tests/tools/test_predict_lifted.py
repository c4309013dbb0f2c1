"""predict on a video with a model of 3D joints: the scores of extract, lift and test."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from mmpose_lifters import make_lifter
from predicted_streams import CLIP, SHORT_RUN, load_row
from tiny_networks import write_detector, write_heatmaps
from tool_runs import CONFIGS, ROOT, run_tool, twelve_clips

from triad.fusion.index import load_index
from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import read_arrays, write_arrays

LIFTER = ROOT / "configs/estimators/tcn27_lift.py"
NARROW = ["train_cfg.max_epochs=1", "train_cfg.val_interval=1", "model.network.channels=16"]
MODEL = [
    *SHORT_RUN,
    "streams.skeleton.source=lifted_tiny",
    "streams.skeleton.num_frames=4",
    "streams.skeleton.encoder.widths=(16,32)",
]


@pytest.fixture(scope="module")
def lifted(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a pose network, a trained lifter, a model of lifted joints, and its scores of the test clips."""
    pytest.importorskip("mmpose")
    home = tmp_path_factory.mktemp("lifted")
    data = twelve_clips(tiny, home / "data")
    for record in load_index(data).records:
        joints = read_arrays(data / f"skeleton/{record['id']}.npz", cure="")["keypoints"][0]
        write_arrays(data / f"truth/{record['id']}.npz", joints=joints)
    pose = write_heatmaps(home / "pose.onnx")
    detector = write_detector(home / "detector.onnx", [(10, 10, 40, 50, 0.9)])
    _run("train.py", LIFTER, "--data", data, "--work-dir", home / "lifter", "--cfg-options", *NARROW)
    _run("extract.py", data, "--pose", "tiny", "--pose-weights", pose, "--detector", detector, "--workers", 1)
    lifter = ["--checkpoint", home / "lifter", "--config", home / "lifter/tcn27_lift.py"]
    _run("lift.py", data, "--stream", "pose_tiny", *lifter)
    options = ["--data", data, "--cfg-options", *MODEL]
    _run("train.py", CONFIGS["skeleton"], "--work-dir", home / "model", *options)
    _run("test.py", CONFIGS["skeleton"], home / "model", "--dump", home / "test.npz", *options)
    return home


def test_video_equals_extract_and_lift(command, lifted, tmp_path):
    video = lifted / f"data/videos/{CLIP}.mp4"
    pose = ["--pose-weights", lifted / "pose.onnx", "--detector", lifted / "detector.onnx"]
    lifter = ["--lift", lifted / "lifter", "--lift-config", lifted / "lifter/tcn27_lift.py"]
    code, printed, err = command(
        "predict.py", video, "--checkpoint", lifted / "model", *pose, *lifter, "--out", tmp_path
    )
    assert code == 0, err
    assert "note: " not in err  # the model learned from lifted joints
    assert "1 windows of 10 frames" in printed
    assert (tmp_path / "annotated.mp4").stat().st_size > 1000
    scores = Predictions.load(tmp_path / "predictions.npz").scores["skeleton"]
    expected = load_row(lifted / "test.npz", CLIP).scores["skeleton"]
    assert np.ptp(expected) > 0.02
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_lifter_of_mmpose_equals_its_file(command, lifted, tmp_path):
    """Predict a clip from its pixels, and from the joints that lift has made of them."""
    make_lifter("videopose3d", tmp_path)
    config = tmp_path / "videopose3d.py"
    data = shutil.copytree(lifted / "data", tmp_path / "data")
    shutil.rmtree(data / "lifted_tiny")
    lift = ["--checkpoint", config.with_suffix(".pth"), "--config", config]
    assert command("lift.py", data, "--stream", "pose_tiny", *lift)[0] == 0
    pose = ["--pose-weights", lifted / "pose.onnx", "--detector", lifted / "detector.onnx"]
    inputs = {
        "video": [*pose, "--lift", config.with_suffix(".pth"), "--lift-config", config],
        "file": ["--skeleton", data / f"lifted_tiny/{CLIP}.npz", "--layout", "h36m17"],
    }
    scores = {}
    for name, words in inputs.items():
        out = ["--out", tmp_path / name, "--no-video"]
        video = data / f"videos/{CLIP}.mp4"
        code, _, err = command("predict.py", video, "--checkpoint", lifted / "model", *words, *out)
        assert code == 0, err
        assert "'h36m17'" in err
        assert "converted" in err
        scores[name] = Predictions.load(tmp_path / name / "predictions.npz").scores["skeleton"]
    assert np.ptp(scores["file"]) > 0.02
    np.testing.assert_allclose(scores["video"], scores["file"], atol=1e-5)


def test_lifter_of_another_width_names_the_config(command, lifted, tmp_path):
    pose = ["--pose-weights", lifted / "pose.onnx", "--detector", lifted / "detector.onnx"]
    words = ["--checkpoint", lifted / "model", *pose, "--lift", lifted / "lifter", "--out", tmp_path / "out"]
    code, _, err = command("predict.py", lifted / f"data/videos/{CLIP}.mp4", *words)
    assert code == 1
    assert "must have shape [256, 39, 3], got [16, 39, 3]" in err.splitlines()[-1]
    assert "give the config" in err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def _run(name: str, *words: object) -> None:
    assert run_tool(name, *words) == 0
