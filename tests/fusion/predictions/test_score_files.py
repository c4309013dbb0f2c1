"""Score pickles in the forms that other projects write them."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from triad.fusion.predictions import SampleLabels, read_score_file, to_predictions
from triad.modalities.checks import InputError

SCORES = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5]], dtype=np.float32)
SAMPLES = SampleLabels(
    ids=np.array(["S001A003", "S001A001", "S001A002", "S002A001"]),
    labels=np.array([2, 0, 1, 0]),
    classes=("drink", "eat", "read"),
    groups={"subject": np.array(["s1", "s2", "s3", "s4"])},
    meta={"dataset": "toy"},
)
IDS = ["S001A001", "S001A002", "S001A003"]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def write_pickle(value: Any) -> Path:
        path = tmp_path / "scores.pkl"
        path.write_bytes(pickle.dumps(value))
        return path

    return write_pickle


def mmaction2_results(**fields: Any) -> list[dict[str, Any]]:
    return [
        {"pred_score": torch.tensor(row), "gt_label": torch.tensor([label]), "img_shape": (56, 56), "num_classes": 3}
        | {name: values[label] for name, values in fields.items()}
        for label, row in enumerate(SCORES)
    ]


def check_samples(path: Path, *, ids: list[str] | None = None) -> None:
    predictions = to_predictions(read_score_file(path), SAMPLES, stream="skeleton", ids=ids)
    assert predictions.ids.tolist() == IDS
    assert predictions.labels.tolist() == [0, 1, 2]
    assert predictions.groups["subject"].tolist() == ["s2", "s3", "s1"]
    assert predictions.kinds == {"skeleton": "logprob"}
    np.testing.assert_allclose(np.exp(predictions.scores["skeleton"]), SCORES, rtol=1e-5)
    assert predictions.meta == {"dataset": "toy", "score_file": "scores.pkl"}


@pytest.mark.parametrize(
    "names", [IDS, [f"{name}.skeleton" for name in IDS], [f"/data/nturgb/{name}.avi" for name in IDS]]
)
def test_dictionary_joins_by_name(write, names):
    check_samples(write(dict(zip(names, SCORES, strict=True))))


def test_numbered_names_need_ids(write):
    """CTR-GCN's feeder makes up test_0, test_1 …; they say no more than a position."""
    shuffled = {f"test_{number}": SCORES[number] for number in (2, 0, 1)}
    check_samples(write(shuffled), ids=IDS)
    with pytest.raises(InputError, match=r"must name its samples, got scores in an order that nothing tells; list the"):
        to_predictions(read_score_file(write(shuffled)), SAMPLES, stream="skeleton")
    with pytest.raises(InputError, match=r"number its samples from 0 without a gap, got 0 … 3"):
        read_score_file(write({"test_0": SCORES[0], "test_3": SCORES[1]}))


def test_mmaction2_results_are_read(write):
    check_samples(write(mmaction2_results()), ids=IDS)
    check_samples(write(mmaction2_results(frame_dir=IDS)))
    older = [
        {"pred_scores": {"item": result["pred_score"]}, "gt_labels": {"item": result["gt_label"]}}
        for result in mmaction2_results()
    ]
    check_samples(write(older), ids=IDS)


def test_labels_must_agree(write):
    with pytest.raises(
        InputError, match=r"labels in '.*' must agree .*, got label 0 for 'S001A002', which has 1; check"
    ):
        to_predictions(read_score_file(write(mmaction2_results())), SAMPLES, stream="skeleton", ids=IDS[1:] + IDS[:1])


@pytest.mark.parametrize("value", [list(SCORES), SCORES, [row[None] for row in SCORES]])
def test_pyskl_scores_are_read(write, value):
    check_samples(write(value), ids=IDS)


def test_raw_scores_are_logits(write):
    path = write(dict(zip(IDS, SCORES * 10 - 3, strict=True)))
    predictions = to_predictions(read_score_file(path), SAMPLES, stream="skeleton")
    assert predictions.kinds == {"skeleton": "logit"}
    np.testing.assert_allclose(predictions.scores["skeleton"], SCORES * 10 - 3)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (IDS[:2], "ids of '.*' must be 3, one a sample, got 2"),
        ([*IDS[:2], IDS[0]], "samples of '.*' must differ, got 'S001A001' twice"),
        ([*IDS[:2], "S009"], "must be those of the predictions or the dataset, got 1 others, such as 'S009'"),
    ],
)
def test_wrong_ids_are_refused(write, ids, message):
    with pytest.raises(InputError, match=message):
        to_predictions(read_score_file(write(SCORES)), SAMPLES, stream="skeleton", ids=ids)


def repeated(depth: int, value: Any) -> Any:
    """Return a list of a thousand times one list, ``depth`` times over; it takes two bytes an entry in a pickle."""
    for _ in range(depth):
        value = [value] * 1000
    return value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([repeated(4, 0.5)], "hold the scores of every sample"),
        (repeated(1, repeated(2, 0.5)[0] * 9), "hold the scores of every sample"),
        ([[10**400, 1.0]], "hold the scores of every sample"),
        ({"a": [0.5, 0.5], "b": [1.0]}, "hold the scores of every sample, of equal number"),
        ([], "hold the scores of every sample"),
        ({"a": ["x", "y"]}, "hold the scores of every sample"),
        ([[0.1, float("nan")]], "hold finite scores of two or more classes"),
        ([{"logits": [0.1, 0.2]}], "hold pred_score or pred_scores.item in each result, got logits"),
        (3, "hold the scores of every sample"),
    ],
)
def test_other_content_is_refused(write, value, message):
    with pytest.raises(InputError, match=message):
        read_score_file(write(value))


def test_other_number_of_classes_is_refused(write):
    with pytest.raises(InputError, match=r"must hold scores of 3 classes, got 2"):
        to_predictions(read_score_file(write({"S001A001": [0.5, 0.5]})), SAMPLES, stream="skeleton")


class Hostile:
    def __reduce__(self) -> Any:
        return os.system, ("touch /tmp/owned_by_scores",)


def test_label_that_is_no_number_is_refused(write):
    results = mmaction2_results()
    results[1]["gt_label"] = float("nan")
    with pytest.raises(InputError, match=r"scores\.pkl' must have whole numbers as labels, got NaN or infinity"):
        read_score_file(write(results))


def test_hostile_pickle_runs_nothing(write):
    Path("/tmp/owned_by_scores").unlink(missing_ok=True)
    with pytest.raises(InputError, match=r"must name numpy arrays and builtin containers only, got 'posix.system'"):
        read_score_file(write({"S001A001": Hostile()}))
    assert not Path("/tmp/owned_by_scores").exists()


def test_records_give_labels_and_groups():
    records = [{"id": "a", "label": 1, "subject": "s1"}, {"id": "b", "label": None, "subject": "s2"}]
    samples = SampleLabels.from_records(records, classes=("sit", "rise"), dataset="mine")
    assert (samples.ids.tolist(), samples.labels.tolist(), samples.meta) == (["a"], [1], {"dataset": "mine"})
    assert samples.groups["subject"].tolist() == ["s1"]
