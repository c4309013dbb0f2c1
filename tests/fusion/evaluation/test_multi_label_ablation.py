"""Ablation of streams by mean average precision; validation alone chooses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from triad.fusion.evaluation.multi_label_ablation import ablate_multi_label
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError


def simulate(split: str, num: int = 160) -> Predictions:
    """Return predictions of two streams, each of which sees one of two classes."""
    rng = np.random.default_rng(len(split))
    labels = (rng.random((num, 2)) < 0.4).astype(int)
    noise = rng.normal(size=(2, num, 2))
    seen = {"rgb": np.array([4.0, 0.0]), "flow_dis": np.array([0.0, 4.0])}
    return Predictions(
        ids=[f"{split}{number:03d}" for number in range(num)],
        labels=labels,
        classes=("cup", "walk"),
        scores={name: labels * strength + noise[number] for number, (name, strength) in enumerate(seen.items())},
        kinds=dict.fromkeys(seen, "sigmoid"),
        groups={"subject": [f"{split}p{number % 8}" for number in range(num)]},
        meta={"dataset": "toy", "protocol": "cross_subject", "split": split},
    )


@pytest.fixture(scope="module")
def document():
    return ablate_multi_label(simulate("test"), simulate("val"))


def test_streams_complete_each_other(document):
    selected = {tuple(row["streams"]): row for row in document["rows"] if row["selected"]}
    assert set(selected) == {("rgb",), ("flow_dis",), ("rgb", "flow_dis")}
    both = selected["rgb", "flow_dis"]["mean_average_precision"]
    assert both > 0.9 > max(selected[(name,)]["mean_average_precision"] for name in ("rgb", "flow_dis"))
    for pair in document["paired"]:
        assert pair["a"] == "rgb+flow_dis"
        assert 0 < pair["ci95"][0] < pair["difference"] < pair["ci95"][1]


def test_rows_and_intervals(document):
    fusions = [row["fusion"] for row in document["rows"]]
    assert fusions == ["single", "single", "mean", "product", "weighted"]
    assert sum(row["selected"] for row in document["rows"]) == 3
    assert document["interval"] == {"over": "subject", "units": 8, "resamples": 1000, "level": 0.95}
    assert [row["class"] for row in document["per_class"]] == ["cup", "walk"]
    for row in document["rows"]:
        assert row["ci95"][0] <= row["mean_average_precision"] <= row["ci95"][1]


def test_test_labels_choose_nothing(document):
    test = simulate("test")
    turned = ablate_multi_label(replace(test, labels=1 - test.labels), simulate("val"))
    for row, other in zip(document["rows"], turned["rows"], strict=True):
        assert (row["validation"], row["selected"]) == (other["validation"], other["selected"])


def test_bad_predictions_are_refused():
    test, val = simulate("test"), simulate("val")
    with pytest.raises(InputError, match=r"fusion method must be mean, product, max, weighted .* got 'svm'"):
        ablate_multi_label(test, val, methods=["svm"])
    with pytest.raises(InputError, match="share no sample with the test"):
        ablate_multi_label(test, test)
    with pytest.raises(InputError, match="hold the test's streams"):
        ablate_multi_label(test, val.select_streams(["rgb"]))
    for sets in ((replace(test, labels=0 * test.labels), val), (test, replace(val, labels=0 * val.labels))):
        with pytest.raises(InputError, match="predictions must have a sample that shows a class, got none"):
            ablate_multi_label(*sets)
    unlabelled = replace(test, labels=np.full_like(test.labels, -1))
    with pytest.raises(InputError, match="test predictions must have labelled samples, got 'test000' without"):
        ablate_multi_label(unlabelled, val)
