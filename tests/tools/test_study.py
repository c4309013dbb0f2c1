"""study: the commands from clips to a report, in their order."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from triad.tools import study


def planned(source: Path, **options: object) -> list[str]:
    defaults = {"folds": 3, "flow": "dis", "pose_weights": None, "detector": None}
    return [str(step) for step in study.plan(source, Path("out"), **{**defaults, **options})]


def test_commands_follow_each_other(tmp_path):
    commands = planned(tmp_path)
    assert commands[0] == f"triad prepare folder {tmp_path} out/data --folds 3"
    assert commands[1] == "triad extract out/data --flow dis"
    kinds = [command.split()[1] for command in commands]
    assert kinds == ["prepare", "extract", *["train", "test", "trajectories"] * 3, "ablate"]
    assert "data.protocol=fold:2" in commands[5]
    assert commands[-1].startswith("triad ablate out/fold_1/rgb/test.npz out/fold_1/trajectories/test.npz")
    assert " --fit out/fold_1/rgb/val.npz " in commands[-1]


def test_poses_are_a_stream_more(tmp_path):
    (tmp_path / "rows.csv").touch()
    commands = planned(tmp_path / "rows.csv", pose_weights=Path("thunder.onnx"), detector="whole_frame")
    assert commands[0].startswith("triad prepare table ")
    assert commands[1].endswith("--pose estimated --pose-weights thunder.onnx --detector whole_frame")
    assert sum("skeleton/stgcnpp_jhmdb_pose" in command for command in commands) == 6  # train and test
    assert "--streams rgb flow_trajectories pose" in commands[-1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none"], "SOURCE must exist, got 'none'"),
        ([".", "--detector", "whole_frame"], "--pose-weights and --detector go together"),
    ],
)
def test_unfit_words_are_usage(command, words, message):
    code, _, err = command("study.py", *words)
    assert code == 2
    assert message in err


def test_failed_step_ends_the_study(command, tmp_path):
    (tmp_path / "clips").mkdir()
    code, out, err = command("study.py", tmp_path / "clips", "--out", tmp_path / "out")
    assert code == 1
    assert out.startswith("[1/18] triad prepare folder ")
    assert err.rstrip().endswith("run the same command again to go on")


@pytest.mark.slow
def test_study_ends_with_a_report(command, tiny, tmp_path):
    """Minutes: three folds of 24 clips, killed after the first fold and begun again."""
    for video in sorted((tiny / "videos").glob("*.mp4")):
        label = video.stem.partition("_s")[0]
        (tmp_path / "clips" / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(video, tmp_path / "clips" / label)
    words = [tmp_path / "clips", "--out", tmp_path / "out", "--folds", 3]
    assert command("study.py", *words)[0] == 0
    shutil.rmtree(tmp_path / "out/fold_3")
    (tmp_path / "out/ablation.json").unlink()
    code, out, _ = command("study.py", *words)
    assert code == 0
    assert out.count("(done before)") == 7
    document = json.loads((tmp_path / "out/ablation.json").read_text())
    num_clips = len(list((tmp_path / "clips").rglob("*.mp4")))
    assert document["num_test"] == num_clips
    assert f"{num_clips} clips of" in out
    assert (tmp_path / "out/report.html").is_file()
