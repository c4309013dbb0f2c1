from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from triad.fusion.evaluation.results import (
    format_accuracy,
    load_results,
    record_result,
    results_of,
    select_comparable,
    summarize_result,
)
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError


def predictions(protocol: str, *, correct: int, seed: int = 0, **meta: object) -> Predictions:
    """Four samples of two classes through one network, of which ``correct`` are right."""
    labels = np.array([0, 0, 1, 1])
    predicted = np.where(np.arange(4) < correct, labels, 1 - labels)
    origin = {"dataset": "jhmdb", "protocol": protocol, "split": "test", "seed": seed, "hardware": "CPU, 1 thread"}
    cost = {"rgb": {"parameters": 10, "gmacs": 0.5}}
    return Predictions(
        ids=[f"{protocol}_{number}" for number in range(4)],
        labels=labels,
        classes=("clap", "wave"),
        scores={"rgb": np.eye(2)[predicted]},
        kinds={"rgb": "logit"},
        meta=origin | {"config": "/home/me/triad/configs/rgb/tsn_jhmdb.py", "cost": cost} | meta,
    )


def test_splits_make_one_row() -> None:
    runs = [predictions("split1", correct=4), predictions("split2", correct=3)]
    row = summarize_result(runs, stream=None, command="tools/aggregate.py a b --record")
    assert row.pop("date")
    assert row == {
        "configs": ["configs/rgb/tsn_jhmdb.py"],
        "dataset": "jhmdb",
        "protocols": ["split1", "split2"],
        "split": "test",
        "stream": "rgb",
        "fusion": None,
        "seeds": [0],
        "num_test": 8,
        "mean_class_accuracy": 0.875,
        "top1": 0.875,
        "ci95": [0.5, 1.0],
        "parameters": 10,
        "gmacs": 0.5,
        "hardware": "CPU, 1 thread",
        "command": "tools/aggregate.py a b --record",
    }
    assert format_accuracy(row) == "87.5 (jhmdb, split1–split2)"


def test_later_result_replaces_earlier(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    for split, correct in (("split2", 4), ("split1", 2), ("split2", 3)):
        record_result(path, summarize_result([predictions(split, correct=correct)], stream=None, command=""))
    rows = load_results(path)
    assert [(row["protocols"], row["top1"]) for row in rows] == [(["split1"], 0.5), (["split2"], 0.75)]
    assert len(path.read_text("utf-8").splitlines()) == 2 + len(rows)
    assert results_of("configs/rgb/tsn_jhmdb.py", rows) == rows
    assert results_of("configs/rgb/tsm_jhmdb.py", rows) == []


def test_fused_result_has_all_networks() -> None:
    run = predictions("split1", correct=4)
    origin = {"config": "configs/flow/tsn_jhmdb.py"}
    cost = run.meta["cost"] | {"flow": {"parameters": 20, "gmacs": 1.5}}
    meta = run.meta | {"streams": {"rgb": run.meta, "flow": origin}, "cost": cost, "fusion": {"method": "svm"}}
    shared = {"scores": run.scores["rgb"], "present": run.present["rgb"]}
    both = run.with_stream("flow", **shared, kind="logit")
    fused = both.with_stream("fused", **shared, kind="margin", meta=meta)
    row = summarize_result([fused], stream=None, command="")
    assert row["configs"] == ["configs/flow/tsn_jhmdb.py", "configs/rgb/tsn_jhmdb.py"]
    assert (row["fusion"], row["parameters"], row["gmacs"]) == ("svm", 30, 2.0)
    alone = summarize_result([fused], stream="flow", command="")
    assert (alone["configs"], alone["fusion"], alone["gmacs"]) == (["configs/flow/tsn_jhmdb.py"], None, 1.5)


def test_unknown_origin_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must name the config that made them, got no config; test it again"):
        summarize_result([predictions("split1", correct=4, config=None)], stream=None, command="")
    path = tmp_path / "results.json"
    for document in ({"rows": []}, [{"config": "a"}]):
        path.write_text(json.dumps(document), "utf-8")
        with pytest.raises(InputError, match="must be a list of rows with configs"):
            load_results(path)
    path.write_text("[", "utf-8")
    with pytest.raises(InputError, match="must be JSON"):
        load_results(path)
    with pytest.raises(InputError, match=r"must be a file, got '.*none.json', which does not exist; write it with"):
        load_results(tmp_path / "none.json")


def test_result_without_network_names_its_command() -> None:
    run = predictions("split1", correct=4, config=None, command="tools/trajectories.py")
    assert summarize_result([run], stream=None, command="")["configs"] == ["tools/trajectories.py"]


def test_largest_group_is_compared() -> None:
    def row(dataset: str, *protocols: str, split: str = "test", gmacs: float | None = 1.0) -> dict[str, object]:
        return {"dataset": dataset, "protocols": protocols, "split": split, "gmacs": gmacs}

    rows = [
        row("jhmdb", "split1"),
        row("nucla", "cross_view"),
        row("jhmdb", "split1", "split2"),
        row("jhmdb", "split1"),
    ]
    unusable = [row("nucla", "cross_view", split="val"), row("nucla", "cross_view", gmacs=None)]
    assert select_comparable(rows + unusable) == [rows[0], rows[3]]
    assert select_comparable(rows + unusable, dataset="nucla") == [rows[1]]
    with pytest.raises(
        InputError, match="results on 'ntu60' must hold a test result with its cost, got none in 2 rows"
    ):
        select_comparable(unusable, dataset="ntu60")
