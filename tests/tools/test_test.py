"""The command test: its JSON document and the predictions of each split."""

from __future__ import annotations

import json

import pytest

from fusion.predictions import Predictions


def test_every_split_has_predictions(command, train, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    words = ["--data", data, "--split", "val", "test", "--dump", tmp_path / "{split}.npz", "--json"]
    code, out, err = command("test.py", config, tmp_path / "skeleton", *words, "--cfg-options", *small)
    assert code == 0, err
    assert all("Epoch(test)" in line for line in err.splitlines())
    document = json.loads(out)
    for split, subject in (("val", "s04"), ("test", "s02")):
        predictions = Predictions.load(tmp_path / f"{split}.npz")
        assert predictions.ids.tolist() == [f"left_{subject}", f"right_{subject}", f"still_{subject}"]
        assert predictions.meta["split"] == split
        assert document[split]["samples"] == 3
        assert document[split]["top1"] == (predictions.scores["skeleton"].argmax(1) == predictions.labels).mean()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "skeleton", "val.npz", "test.npz"}


def test_accuracies_are_printed(command, train, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    code, out, err = command("test.py", config, tmp_path / "skeleton", "--data", data, "--cfg-options", *small)
    assert code == 0, err
    assert out.startswith("test (3 samples): mean_class_accuracy ")
    assert "top1" in out


def test_unknown_split_names_the_nearest(command, train, recipes, one_line, data, tmp_path):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    for split, message in (
        ("tset", "split must be one of test, train, val, got 'tset' (did you mean 'test'?)"),
        ("train+test", "split must keep test apart, got 'train+test'; join train+val only"),
    ):
        words = ["--split", split, "--data", data, "--cfg-options", *small]
        code, _, err = command("test.py", config, tmp_path / "skeleton", *words)
        assert code == 1
        assert message in one_line(err)


@pytest.mark.parametrize("key", ["state_dict", "state_dict and optimizer"])
def test_checkpoint_without_meta_loads(command, train, recipes, data, tmp_path, key):
    """A checkpoint of weights alone, as other tools or earlier versions write it, gives the same scores."""
    import torch

    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    checkpoint = torch.load(tmp_path / "skeleton/epoch_1.pth", weights_only=True)
    plain = {name: checkpoint[name] for name in key.split(" and ")}
    torch.save(plain, tmp_path / "plain.pth")
    for name, path in (("full", tmp_path / "skeleton"), ("plain", tmp_path / "plain.pth")):
        words = ["--data", data, "--dump", tmp_path / f"{name}.npz", "--cfg-options", *small]
        code, _, err = command("test.py", config, path, *words)
        assert code == 0, err
    full, plain = (Predictions.load(tmp_path / f"{name}.npz") for name in ("full", "plain"))
    assert (full.scores["skeleton"] == plain.scores["skeleton"]).all()
