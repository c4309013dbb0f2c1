"""Comparison of models: means over seeds, differences from late fusion and refusal of other samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from triad.fusion.evaluation.comparison import build_comparison
from triad.fusion.evaluation.model_runs import Run
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError

LABELS = np.array([0, 1, 0, 1, 0, 1, 0, 1])


def build_predictions(prefix: str, **wrong: tuple[int, ...]) -> Predictions:
    """Return predictions of two streams and ``fused``, which err at the given rows."""
    scores = {}
    for name in ("rgb", "skeleton", "fused"):
        predicted = LABELS.copy()
        rows = list(wrong.get(name, ()))
        predicted[rows] = 1 - predicted[rows]
        scores[name] = np.log(np.where(np.eye(2)[predicted] > 0, 0.9, 0.1)).astype(np.float32)
    return Predictions(
        ids=np.array([f"{prefix}{row}" for row in range(8)]),
        labels=LABELS,
        classes=("sit", "rise"),
        scores=scores,
        kinds=dict.fromkeys(scores, "logprob"),
        meta={"cost": {"rgb": {"parameters": 10, "gmacs": 1.0}, "skeleton": {"parameters": 5, "gmacs": 0.5}}},
    )


def build_run(**wrong: tuple[int, ...]) -> Run:
    return Run(build_predictions("v"), build_predictions("t", **wrong))


def test_rows_by_hand():
    """Late fusion errs in two of eight, a model in none with the first seed and in four with the second."""
    late = build_run(rgb=(0, 1), skeleton=(0, 1), fused=(0, 1))
    runs = {"late": [late, late], "model": [build_run(), build_run(fused=(0, 1, 2, 3))]}
    document = build_comparison(runs, reference="late", resamples=200)
    rows = {row["name"]: row for row in document["rows"]}
    assert list(rows) == ["rgb", "skeleton", "late fusion (mean) of rgb, skeleton", "late", "model"]
    assert rows["rgb"]["mean_class_accuracy"] == 0.75
    assert rows["model"]["seeds"] == [1.0, 0.5]
    assert rows["model"]["mean_class_accuracy"] == 0.75
    assert rows["model"]["sd"] == pytest.approx(np.std([1.0, 0.5], ddof=1))
    assert rows["model"]["difference"] == pytest.approx(0.0)
    assert rows["late"]["difference_ci95"] == [0.0, 0.0]
    assert rows["rgb"]["cost"] == {"rgb": {"parameters": 10, "gmacs": 1.0}}
    assert document["reference"] == "late fusion (mean) of rgb, skeleton"


def test_other_samples_are_refused():
    run = build_run()
    other = run._replace(test=replace(run.test, ids=np.array([f"x{row}" for row in range(8)])))
    with pytest.raises(InputError, match=r"test samples of 'model' must be those of the other models"):
        build_comparison({"late": [run], "model": [other]}, reference="late")
