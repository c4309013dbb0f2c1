"""predict refuses what does not fit, and runs no code that nobody named."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pytest
import torch
from predicted_streams import CLIP, SMALL_STREAMS
from tool_runs import CONFIGS


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
            "checkpoint .* must have shape .* got nothing \\(\\d+ more keys differ\\); give the config",
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
    code, _, err = command("predict.py", *words, "--config", CONFIGS["rgb"], "--cfg-options", *SMALL_STREAMS["rgb"])
    assert code == 0, err


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
