"""The command ablate --retrain: a model for every subset, and what is not trained again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tool_runs import IN_PROCESS, ROOT

CONFIG = ROOT / "configs/fusion/late_fusion_minihome.py"
BRIEF = (
    *("streams.rgb.num_frames=2", "streams.rgb.transform.size=[28,28]"),
    *("streams.skeleton.num_frames=4", "streams.skeleton.encoder.widths=(16,32,32)"),
    *("train_cfg.max_epochs=1", "train_cfg.val_interval=9", "model.temporal_bins=1", *IN_PROCESS),
)


@pytest.fixture
def retrain(command, data: Path, tmp_path: Path):
    def run(*words: str) -> tuple[int, str, str]:
        return command(
            "ablate.py", CONFIG, "--retrain", "--data", data, "--out", tmp_path / "out", "--cfg-options", *BRIEF, *words
        )

    return run


def test_every_subset_is_trained_once(retrain, tmp_path):
    code, out, err = retrain("--json")
    assert code == 0, err
    rows = json.loads(out)["rows"]
    assert [(row["streams"], row["fusion"], row["mode"], row["selected"]) for row in rows] == [
        (["rgb"], "single", "retrained", True),
        (["skeleton"], "single", "retrained", True),
        (["rgb", "skeleton"], "joint", "retrained", True),
    ]
    costs = json.loads(out)["subset_costs"]
    assert costs[2]["parameters"] == costs[0]["parameters"] + costs[1]["parameters"]
    folders = [tmp_path / "out/retrained" / name for name in ("rgb", "skeleton", "rgb+skeleton")]
    checkpoints = {folder: (folder / "epoch_1.pth").stat().st_mtime_ns for folder in folders}
    (folders[2] / "test.npz").unlink()  # predicted again, not trained again
    code, again, err = retrain("--json")
    assert code == 0, err
    assert again == out
    assert {folder: (folder / "epoch_1.pth").stat().st_mtime_ns for folder in folders} == checkpoints
    assert "Epoch(train)" not in err


def test_stopped_training_continues(retrain, tmp_path):
    """Without the mark of its end, a training goes on from its last checkpoint, here to a second epoch."""
    code, _, err = retrain("--json")
    assert code == 0, err
    for path in [*tmp_path.glob("out/retrained/*/trained"), *tmp_path.glob("out/retrained/*/*.npz")]:
        path.unlink()
    code, _, err = retrain("--json", "--cfg-options", "train_cfg.max_epochs=2")
    assert code == 0, err
    assert "Epoch(train) [2]" in err.replace("[2][", "[2] [")
    assert "Epoch(train) [1]" not in err.replace("[1][", "[1] [")
    assert len(list(tmp_path.glob("out/retrained/*/epoch_2.pth"))) == 3


def test_retrain_takes_a_config_alone(command, tmp_path):
    code, _, err = command("ablate.py", "a.npz", "--retrain", "--out", tmp_path)
    assert code == 2
    assert "--retrain takes CONFIG alone" in err


def test_models_of_other_options_are_not_taken(retrain):
    code, _, err = retrain("--json")
    assert code == 0, err
    code, out, err = retrain("--json", "--cfg-options", "model.label_smoothing=0.2")
    assert (code, out) == (1, "")
    assert "retrained/rgb' must be trained with the config and options given, got one of others" in err
