"""The command aggregate: its figures, its file, its errors."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tool_runs import ROOT

from triad.fusion.predictions import Predictions


@pytest.fixture
def files(tmp_path):
    """Two folds of three samples under two seeds; in the second fold of seed 1, one of three is wrong."""
    paths = []
    for seed in range(2):
        for fold in ("s1", "s2"):
            labels = np.array([0, 1, 1])
            predicted = np.array([0, 1, 0 if (seed, fold) == (1, "s2") else 1])
            path = tmp_path / f"{fold}_{seed}.npz"
            Predictions(
                ids=[f"{fold}_{number}" for number in range(3)],
                labels=labels,
                classes=("drink", "eat"),
                scores={"skeleton": np.eye(2)[predicted]},
                kinds={"skeleton": "logit"},
                meta={"dataset": "florence3d", "protocol": f"leave_one_out:{fold}", "split": "test", "seed": seed},
            ).save(path)
            paths.append(path)
    return paths


def test_folds_give_one_figure(command, files, tmp_path):
    code, out, err = command("aggregate.py", *files[2:], "--out", tmp_path / "folds.npz", "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["top1"] == pytest.approx(5 / 6)
    assert document["mean_class_accuracy"] == pytest.approx((1 + 3 / 4) / 2)
    assert Predictions.load(tmp_path / "folds.npz").ids.tolist() == ["s1_0", "s1_1", "s1_2", "s2_0", "s2_1", "s2_2"]


def test_lines_name_runs_and_total(command, files):
    code, out, err = command("aggregate.py", *files[2:])
    assert code == 0, err
    first, *_, total = out.splitlines()
    assert first == "leave_one_out:s1, seed 1: mean class accuracy 100.0%, top-1 100.0% (3 samples)"
    assert total.startswith(
        "florence3d, stream 'skeleton', 2 folds as one test set: mean class accuracy 87.5%, top-1 83.3% "
        "(95 % over 6 samples: "
    )


def test_every_seed_has_a_file(command, files, tmp_path):
    code, _, err = command("aggregate.py", *files, "--out", tmp_path / "folds.npz")
    assert code == 2
    assert "several seeds need '{seed}' in --out" in err
    code, out, err = command("aggregate.py", *files, "--out", tmp_path / "folds_{seed}.npz")
    assert code == 0, err
    assert all((tmp_path / f"folds_{seed}.npz").is_file() for seed in range(2))
    assert out.splitlines()[-1] == (
        "florence3d, stream 'skeleton', 2 folds as one test set, 2 seeds: mean class accuracy 93.8%, top-1 91.7% "
        "(standard deviations 8.8, 11.8)"
    )


def test_runs_that_differ_are_refused(command, one_line, files, scored, tmp_path):
    code, _, err = command("aggregate.py", files[0], files[0])
    assert code == 1
    assert "must be of another protocol or seed than file 1" in one_line(err)
    code, _, err = command("aggregate.py", scored("t", range(4)), "--out", tmp_path / "folds.npz")
    assert code == 1
    assert "protocols to aggregate must be folds of one" in one_line(err)
    assert not (tmp_path / "folds.npz").exists()


def test_result_is_recorded(command, files, tmp_path):
    for path in files:
        predictions = Predictions.load(path)
        replace(predictions, meta={**predictions.meta, "config": "configs/skeleton/sgn_nucla.py"}).save(path)
    record = tmp_path / "results.json"
    code, _, err = command("aggregate.py", *files, "--record", record)
    assert code == 0, err
    (row,) = json.loads(record.read_text("utf-8"))
    assert (row["configs"], row["seeds"], row["num_test"]) == (["configs/skeleton/sgn_nucla.py"], [0, 1], 6)
    assert row["top1"] == pytest.approx((1 + 5 / 6) / 2, abs=1e-5)
    assert row["command"] == " ".join(["triad aggregate", *map(str, files), "--record"])


def test_splits_are_compared(command, one_line, files, tmp_path):
    splits = []
    for number, path in enumerate(files[2:], start=1):
        predictions = Predictions.load(path)
        splits.append(tmp_path / f"split{number}.npz")
        replace(predictions, meta={**predictions.meta, "protocol": f"split{number}"}).save(splits[-1])
    code, out, err = command("aggregate.py", *splits, "--against", *splits)
    assert code == 0, err
    *_, total, other, difference = out.splitlines()
    assert "2 splits, mean: mean class accuracy 87.5%, top-1 83.3% (95 % over 6 samples, drawn once for all" in total
    assert other == "against stream 'skeleton': mean class accuracy 87.5%, top-1 83.3%"
    assert difference == (
        "difference: mean class accuracy +0.0, top-1 +0.0 points "
        "(95 % over 6 samples, drawn once for all splits: +0.0 … +0.0)"
    )
    code, _, err = command("aggregate.py", *splits, "--against", *files[2:])
    assert code == 1
    assert "protocols to compare with must be split1, split2" in one_line(err)
    assert command("aggregate.py", *splits, "--against-stream", "rgb")[0] == 2


def test_seed_of_a_file_is_no_path(command, tmp_path):
    folds = sorted((ROOT / "tests/data/cases/trust").glob("pool_seed_s*.npz"))
    folder = tmp_path / "in" / "out"
    code, out, err = command("aggregate.py", *folds, "--out", f"{folder}/{{seed}}.npz")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "seed" in err
    assert not (tmp_path / "in").exists()
