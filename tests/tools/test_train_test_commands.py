"""Training and testing as commands: what is printed where, and what lies on the disk afterwards."""

from __future__ import annotations

import json

import torch

from fusion.predictions import Predictions


def test_train_then_test(command, train, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    code, err = train("skeleton", data, "train_cfg.val_interval=1")
    assert code == 0
    training, validation = err.splitlines()
    assert "Epoch(train) [1][1/1]" in training
    assert all(f"  {name}: " in training for name in ("lr", "eta", "time", "loss"))
    assert "Epoch(val) [1][1/1]    mean_class_accuracy: " in validation
    words = [
        tmp_path / "skeleton",
        "--data",
        data,
        "--split",
        "val",
        "test",
        "--dump",
        tmp_path / "{split}.npz",
        "--json",
    ]
    code, out, err = command("test.py", config, *words, "--json", "--cfg-options", *small)
    assert (code, err) == (0, "")
    document = json.loads(out)
    for split, subject in (("val", "s04"), ("test", "s02")):
        predictions = Predictions.load(tmp_path / f"{split}.npz")
        assert predictions.ids.tolist() == [f"left_{subject}", f"right_{subject}", f"still_{subject}"]
        assert predictions.meta["split"] == split
        assert document[split]["samples"] == 3
        assert document[split]["top1"] == (predictions.scores["skeleton"].argmax(1) == predictions.labels).mean()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "skeleton", "val.npz", "test.npz"}


def test_resume_without_a_checkpoint_starts_and_says_so(command, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    words = ["--data", data, "--work-dir", tmp_path / "work", "--resume", "--cfg-options", *small]
    code, _, err = command("train.py", config, *words, "train_cfg.max_epochs=1")
    assert code == 0
    assert err.splitlines()[0] == f"nothing to resume in '{tmp_path / 'work'}': training from the start"
    code, _, err = command("train.py", config, *words, "train_cfg.max_epochs=1")  # finished: nothing is left to do
    assert code == 0
    assert torch.load(tmp_path / "work/epoch_1.pth", weights_only=True)["meta"]["epoch"] == 1


def test_refit_trains_on_train_and_val(command, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    words = ["--data", data, "--work-dir", tmp_path / "work", "--refit", "--cfg-options", *small]
    code, _, err = command("train.py", config, *words, "train_cfg.max_epochs=1", "train_dataloader.batch_size=3")
    assert code == 0, err
    checkpoint = torch.load(tmp_path / "work/epoch_1.pth", weights_only=True)
    assert checkpoint["meta"]["iter"] == 3  # nine clips; without the three of validation there would be two steps
    assert "validation" not in err
