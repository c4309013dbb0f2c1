"""The command ablate on predictions files."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hand_made_predictions import write_two_streams

from triad.fusion.predictions import Predictions


@pytest.fixture
def files(tmp_path):
    write_two_streams(tmp_path)
    return tmp_path


def test_document_and_page_are_written(command, files):
    code, out, err = command(
        "ablate.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz", "--out", files / "out",
    )  # fmt: skip
    assert code == 0, err
    assert "rgb+flow_dis" in out
    document = json.loads((files / "out/ablation.json").read_text())
    assert sum(row["selected"] for row in document["rows"]) == 3
    assert document["num_validation"] == 48
    page = (files / "out/report.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    for number, name in enumerate(document["classes"], start=1):
        assert f'<a href="classes/{number:02d}_{name}.html">' in page
        assert (files / f"out/classes/{number:02d}_{name}.html").is_file()


def write_splits(folder):
    """Give the two streams the protocols split1 and split2; half of the clips of split 2 are those of split 1."""
    for path in folder.glob("*_*.npz"):
        predictions = Predictions.load(path)
        for number in (1, 2):
            rows = np.arange(24 * (number - 1), 24 * (number - 1) + 36) % 48
            meta = {"protocol": f"split{number}", "seed": 0}
            replace(predictions.select(rows), meta=meta).save(folder / f"split{number}/{path.name}")


def test_several_splits_have_joint_intervals(command, files):
    write_splits(files)
    tests = [files / f"split{number}/test_{stream}.npz" for number in (1, 2) for stream in ("rgb", "flow_dis")]
    vals = [files / f"split{number}/val_{stream}.npz" for stream in ("flow_dis", "rgb") for number in (2, 1)]
    code, out, err = command("ablate.py", *tests, "--fit", *vals, "--out", files / "out")
    assert code == 0, err
    assert "mean over 2 splits of mean class accuracy in %, 95 % intervals over 48 samples" in " ".join(out.split())
    document = json.loads((files / "out/ablation.json").read_text())
    assert document["protocols"] == list(document["splits"]) == ["split1", "split2"]
    for row in document["rows"]:
        of_splits = [of_split["mean_class_accuracy"] for of_split in row["by_split"].values()]
        assert row["mean_class_accuracy"] == pytest.approx(np.mean(of_splits))
    page = (files / "out/report.html").read_text()
    assert "Means over the splits split1, split2" in page
    code, _, err = command("ablate.py", *tests, "--fit", *vals[:1], "--out", files / "out")
    assert code == 2
    assert "got predictions of split1, split2 and of split2" in " ".join(err.split())


def test_repeated_seeds_are_averaged(command, files):
    """The second seed is the first with other noise; streams, splits and samples are the same."""
    for path in files.glob("*_*.npz"):
        for seed in (0, 1):
            predictions = Predictions.load(path)
            noise = seed * np.random.default_rng(1).normal(size=predictions.scores[predictions.streams[0]].shape)
            scores = {name: array + noise for name, array in predictions.scores.items()}
            meta = {"protocol": "cross_subject", "seed": seed}
            replace(predictions, scores=scores, meta=meta).save(files / f"seed{seed}/{path.name}")
    tests, vals = (
        [files / f"seed{seed}/{split}_{stream}.npz" for seed in (1, 0) for stream in ("rgb", "flow_dis")]
        for split in ("test", "val")
    )
    code, out, err = command("ablate.py", *tests, "--fit", *vals, "--methods", "mean", "--out", files / "out")
    assert code == 0, err
    assert "mean over 2 seeds of mean class accuracy in %, 95 % intervals over 48 samples" in " ".join(out.split())
    document = json.loads((files / "out/ablation.json").read_text())
    assert document["averaged_over"] == "seeds"
    for row in document["rows"]:
        accuracies = [of_seed["mean_class_accuracy"] for of_seed in row["by_split"].values()]
        assert (row["mean_class_accuracy"], row["sd"]) == pytest.approx(
            (np.mean(accuracies), np.std(accuracies, ddof=1))
        )
        assert row["seeds"] == [0, 1]
    assert "cross_subject, seed 0" in (files / "out/report.html").read_text()


def test_named_streams_are_combined(command, files):
    paths = [files / f"{split}_{stream}.npz" for split in ("test", "val") for stream in ("rgb", "flow_dis")]
    words = [*paths[:2], "--fit", *paths[2:], "--streams", "rgb", "--out", files / "out", "--json"]
    code, out, err = command("ablate.py", *words)
    assert code == 0, err
    assert [row["streams"] for row in json.loads(out)["rows"]] == [["rgb"]]


def test_named_methods_are_compared(command, files):
    paths = [files / f"{split}_{stream}.npz" for split in ("test", "val") for stream in ("rgb", "flow_dis")]
    words = [*paths[:2], "--fit", *paths[2:], "--methods", "max", "gated", "--out", files / "out", "--json"]
    code, out, err = command("ablate.py", *words)
    assert code == 0, err
    assert [row["fusion"] for row in json.loads(out)["rows"]] == ["single", "single", "max", "gated"]
    code, _, err = command("ablate.py", *[word if word != "gated" else "gatde" for word in words])
    assert code == 1
    assert "did you mean 'gated'?" in err


def test_two_fusions_are_compared(command, files):
    paths = [files / f"{split}_{stream}.npz" for split in ("test", "val") for stream in ("rgb", "flow_dis")]
    words = [*paths[:2], "--fit", *paths[2:], "--methods", "mean", "--compare", "svm", "mean", "--out", files / "out"]
    code, out, err = command("ablate.py", *words)
    assert code == 0, err
    assert "svm minus mean, mean class accuracy" in " ".join(out.split())
    document = json.loads((files / "out/ablation.json").read_text())
    accuracies = {row["fusion"]: row["mean_class_accuracy"] for row in document["rows"] if len(row["streams"]) == 2}
    (row,) = document["compared"]
    assert row["difference"] == pytest.approx(accuracies["svm"] - accuracies["mean"])
    assert "<h2>svm minus mean</h2>" in (files / "out/report.html").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["test_rgb.npz"], "predictions need --fit VAL..."),
        (["test_rgb.npz", "--fit", "val_rgb.npz", "--split", "test"], "--split goes with CONFIG CHECKPOINT"),
        (["test_rgb.npz", "--fit", "val_rgb.npz", "--config", "c.py"], "--config and --checkpoint go together"),
        (["test_rgb.npz", "--fit", "val_rgb.npz", "--measure-cost"], "--measure-cost needs --data"),
        (["config.py"], "a joint model takes CONFIG CHECKPOINT"),
    ],
)
def test_wrong_usage_exits_with_two(command, files, words, message):
    code, _, err = command("ablate.py", *words, "--out", files / "out")
    assert code == 2
    assert message in err


def test_folds_are_one_test_set(command, files):
    """Each half of the test clips is a fold, with validation clips of its own; the other half is not in it."""
    paths = {"test": [], "val": []}
    for path in sorted(files.glob("*_*.npz")):
        predictions = Predictions.load(path)
        for fold in (0, 1):
            half = predictions.select(np.arange(len(predictions)) % 48 // 24 == fold)
            out = files / f"fold{fold}_{path.name}"
            meta = {"dataset": "folder", "protocol": f"fold:{fold + 1}", "split": path.name.partition("_")[0]}
            replace(half, meta=meta).save(out)
            paths[meta["split"]].append(out)
    code, out, err = command("ablate.py", *paths["test"], "--fit", *paths["val"], "--out", files / "folds")
    assert code == 0, err
    document = json.loads((files / "folds/ablation.json").read_text())
    assert document["num_test"] == 48
    assert document["folds"] == ["fold:1", "fold:2"]
    whole = Predictions.load(files / "test_rgb.npz")
    (rgb,) = [row for row in document["rows"] if row["streams"] == ["rgb"]]
    expected = float((whole.scores["rgb"].argmax(1) == whole.labels).mean())
    assert rgb["top1"] == pytest.approx(expected)
    assert sum(row["selected"] for row in document["rows"]) == 3
