"""The command fuse: learned and fixed weights, its files, its errors."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest
from hand_made_predictions import write_two_streams

from triad.fusion.index import load_index
from triad.fusion.predictions import Predictions


@pytest.fixture
def files(tmp_path):
    write_two_streams(tmp_path)
    return tmp_path


def test_several_files_follow_fit(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--fit", files / "val_rgb.npz", files / "val_flow_dis.npz",
        "--method", "product", "--out", files / "fused.npz", "--save", files / "fusion.skops", "--json",
    )  # fmt: skip
    assert code == 0, err
    assert json.loads(out)["streams"] == ["rgb", "flow_dis"]
    assert (files / "fused.npz").is_file()
    assert (files / "fusion.skops").is_file()


def test_weights_by_position_need_no_fit(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz", "--weights", "2", "1", "--json"
    )
    assert code == 0, err
    summary = json.loads(out)
    assert summary["weights"] == pytest.approx({"rgb": 2 / 3, "flow_dis": 1 / 3})
    assert (summary["method"], summary["temperatures"]) == ("mean", {"rgb": 1.0, "flow_dis": 1.0})


def test_weights_by_name_are_printed(command, files):
    code, out, err = command(
        "fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz",
        "--weights", "rgb=2", "flow_dis=1", "--method", "product",
    )  # fmt: skip
    assert code == 0, err
    assert out.startswith("product of rgb, flow_dis: fixed weights\n  weight 0.667  temperature 1.00  rgb\n")


def test_one_sample_has_no_interval(command, files):
    names = [files / f"test_{name}.npz" for name in ("rgb", "flow_dis")]
    for name in names:
        predictions = Predictions.load(name)
        predictions.select(np.array([0])).save(name)
    code, out, err = command("fuse.py", *names, "--weights", "1", "1")
    assert code == 0, err
    assert "(no interval: one sample)" in out
    code, out, err = command("aggregate.py", names[0])
    assert code == 0, err
    assert "(no interval: one sample)" in out


def write_pickle(files, split, scores):
    path = files / f"{split}_scores.pkl"
    path.write_bytes(pickle.dumps(scores))
    return f"skeleton={path}"


def test_score_pickles_are_fused(command, files):
    """The scores of flow as a named dictionary in validation, and as a list in the order of --ids in test."""
    val = Predictions.load(files / "val_flow_dis.npz")
    test = Predictions.load(files / "test_flow_dis.npz")
    named = write_pickle(files, "val", dict(zip(val.ids.tolist(), val.scores["flow_dis"], strict=True)))
    listed = write_pickle(files, "test", list(test.scores["flow_dis"][::-1]))
    (files / "ids.txt").write_text("\n".join(test.ids[::-1].tolist()) + "\n")
    words = [files / "test_rgb.npz", listed, "--fit", files / "val_rgb.npz", named, "--method", "product", "--json"]
    code, out, err = command("fuse.py", *words, "--ids", files / "ids.txt")
    assert code == 0, err
    summary = json.loads(out)
    assert summary["streams"] == ["rgb", "skeleton"]
    own = [files / f"{split}_{stream}.npz" for split in ("test", "val") for stream in ("rgb", "flow_dis")]
    _, out, _ = command("fuse.py", *own[:2], "--fit", *own[2:], "--method", "product", "--json")
    assert summary["mean_class_accuracy"] == json.loads(out)["mean_class_accuracy"]
    code, _, err = command("fuse.py", *words)
    assert code == 1
    assert "must name its samples, got scores in an order that nothing tells; list the ids" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["skeleton=test_scores.pkl"], "score pickles must have labels and classes, got none, only scores; give a"),
        (["test_rgb.npz", "test_scores.pkl"], "must name its stream, got a path alone; write skeleton="),
    ],
)
def test_incomplete_pickles_name_the_cure(command, files, monkeypatch, words, message):
    monkeypatch.chdir(files)
    write_pickle(files, "test", [np.zeros(4)] * 48)
    code, _, err = command("fuse.py", *words, "--weights", *["1"] * len(words))
    assert code == 1
    assert message in err


def test_dataset_names_the_samples(command, data, tmp_path):
    records = load_index(data).records
    classes = load_index(data).metainfo["classes"]
    scores = {record["id"]: np.eye(len(classes))[record["label"]] for record in records}
    first, second = (write_pickle(tmp_path, name, scores) for name in ("a", "b"))
    words = [first, second.replace("skeleton=", "skeleton_bone="), "--weights", "2", "1", "--data", data, "--json"]
    code, out, err = command("fuse.py", *words)
    assert code == 0, err
    assert (json.loads(out)["top1"], json.loads(out)["num_test"]) == (1.0, len(records))


@pytest.mark.parametrize("words", [[], ["--fit", "val_rgb.npz", "--weights", "1", "1"]])
def test_fit_or_weights_is_required(command, files, words):
    code, _, err = command("fuse.py", files / "test_rgb.npz", files / "test_flow_dis.npz", *words)
    assert code == 2
    assert "give --fit VAL... to learn from, or --weights W... to take as they are" in err


def test_different_samples_give_one_line(command, files):
    code, _, err = command(
        "fuse.py", files / "test_rgb.npz", files / "val_flow_dis.npz", "--fit", files / "val_rgb.npz"
    )
    assert code == 1
    assert len(err.strip().splitlines()) == 1
    assert "48 missing: 'test0000', 'test0001', 'test0002', 'test0003', 'test0004' and 43 more" in err


def test_misspelt_option_names_the_nearest(command, files):
    code, _, err = command("fuse.py", files / "test_rgb.npz", "--fti", files / "val_rgb.npz")
    assert code == 2
    assert "--fit" in err
