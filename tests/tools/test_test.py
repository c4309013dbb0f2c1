"""The command test: its JSON document and the predictions of each split."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from tool_runs import IN_PROCESS

from triad.fusion.predictions import Predictions
from triad.modalities.atomic_files import sha256_of


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
    assert re.fullmatch(
        r"test \(3 samples\): mean_class_accuracy [\d.]+ "
        r"\(95 % over 3 samples, 5000 resamples: [\d.]+–[\d.]+\), top1 [\d.]+, top5 [\d.]+\n",
        out,
    )


def test_start_weights_may_be_gone(command, train, recipes, data, tmp_path):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    options = [*small, f"model.pretrained.skeleton={tmp_path / 'gone.pth'}"]
    code, _, err = command("test.py", config, tmp_path / "skeleton", "--data", data, "--cfg-options", *options)
    assert code == 0, err


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


def reorder(data, out, classes):
    """Copy a dataset with its classes in another order, without the clips of those that are left out."""
    document = json.loads((data / "index.json").read_text())
    names = document["metainfo"]["classes"]
    document["metainfo"]["classes"] = classes
    document["data_list"] = [record for record in document["data_list"] if names[record["label"]] in classes]
    for record in document["data_list"]:
        record["label"] = classes.index(names[record["label"]])
    shutil.copytree(data, out)
    (out / "index.json").write_text(json.dumps(document))
    return out


def test_classes_are_matched_by_name(command, train, recipes, data, tmp_path, caplog):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    words = ["--split", "test", "--cfg-options", *small]
    datasets = {
        "same": data,
        "turned": reorder(data, tmp_path / "turned", ["still", "left", "right"]),
        "subset": reorder(data, tmp_path / "subset", ["still", "left"]),
    }
    predictions = {}
    for name, folder in datasets.items():
        dump = tmp_path / f"{name}.npz"
        code, _, err = command("test.py", config, tmp_path / "skeleton", "--data", folder, "--dump", dump, *words)
        assert code == 0, err
        predictions[name] = Predictions.load(dump)
    same, turned, subset = predictions.values()
    columns = [same.classes.index(name) for name in turned.classes]
    assert (turned.scores["skeleton"] == same.scores["skeleton"][:, columns]).all()
    assert [turned.classes[label] for label in turned.labels] == [same.classes[label] for label in same.labels]
    assert subset.ids.tolist() == ["left_s02", "still_s02"]
    assert (subset.scores["skeleton"] == turned.scores["skeleton"][[0, 2], :2]).all()
    assert any("has 3 classes; judged on the 2 of dataset" in message for message in caplog.messages)


def test_other_classes_are_refused(command, train, recipes, one_line, data, tmp_path):
    config, small = recipes["skeleton"]
    assert train("skeleton", data)[0] == 0
    document = json.loads((data / "index.json").read_text())
    document["metainfo"]["classes"][2] = "wave"
    (data / "index.json").write_text(json.dumps(document))
    code, _, err = command("test.py", config, tmp_path / "skeleton", "--data", data, "--cfg-options", *small)
    assert code == 1
    assert "left, right, wave, got left, right, still (only dataset" in one_line(err)


@pytest.mark.parametrize(("words", "epoch"), [([], 1), (["--last"], 2)])
def test_folder_is_tested_at_its_best(command, recipes, data, tmp_path, words, epoch):
    """Without learning all epochs are equal on validation, and the first is the best."""
    config, small = recipes["skeleton"]
    schedule = ["train_cfg.max_epochs=2", "train_cfg.val_interval=1", "optim_wrapper.optimizer.lr=0.0"]
    options = ["--cfg-options", *small, *IN_PROCESS, *schedule, "param_scheduler=[]"]
    code, _, err = command("train.py", config, "--data", data, "--work-dir", tmp_path / "w", *options)
    assert code == 0, err
    dump = tmp_path / "test.npz"
    code, _, err = command(
        "test.py", config, tmp_path / "w", "--data", data, "--dump", dump, *words, "--cfg-options", *small
    )
    assert code == 0, err
    file = {1: "best_mean_class_accuracy_epoch_1.pth", 2: "epoch_2.pth"}[epoch]
    assert Predictions.load(dump).meta["checkpoint"] == sha256_of(tmp_path / "w" / file)
