"""Folds of one test set: fused fold by fold, judged together."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hand_made_predictions import make_candidate, make_predictions

from triad.fusion.evaluation import SplitAblation, build_ablation_document
from triad.fusion.evaluation.fold_ablation import join_fold_ablations
from triad.modalities.checks import InputError


def make_fold(name: str, ids: str, rgb: list[int], *, mean: float, svm: float) -> SplitAblation:
    """Make a fold of labels 0, 1: RGB predicts ``rgb``, flow class 0, the mean the labels and the SVM class 1."""
    test = make_predictions(
        ids=tuple(ids),
        labels=[0, 1],
        scores={"rgb": np.eye(2)[rgb], "flow": np.eye(2)[[0, 0]]},
        kinds={"rgb": "logit", "flow": "logit"},
        groups={"source_video": [f"v{letter}" for letter in ids]},
        meta={"dataset": "folder", "protocol": name, "split": "test", "seed": 0},
    )
    candidates = [
        make_candidate(("rgb",), rgb, validation=0.4),
        make_candidate(("flow",), [0, 0], validation=0.2),
        make_candidate(("rgb", "flow"), [0, 1], fusion="mean", validation=mean),
        make_candidate(("rgb", "flow"), [1, 1], fusion="svm", validation=svm),
    ]
    return SplitAblation(test, 4, candidates)


def test_folds_are_one_test_set():
    """RGB is right about all of the first fold, class 0 alone of the second: 1 and 1/2 by class, together 3/4."""
    folds = {
        "fold:1": make_fold("fold:1", "da", [0, 1], mean=0.9, svm=0.5),
        "fold:2": make_fold("fold:2", "cb", [0, 0], mean=0.8, svm=0.6),
    }
    test, candidates = join_fold_ablations(folds)
    assert test.ids.tolist() == ["a", "b", "c", "d"]
    assert test.meta["protocol"] == "fold"
    document = build_ablation_document(test, candidates, resamples=50)
    rows = {(*row["streams"], row["fusion"]): row for row in document["rows"]}
    assert rows["rgb", "single"]["mean_class_accuracy"] == 0.75
    assert rows["rgb", "single"]["validation"] == pytest.approx(0.4)
    assert rows["rgb", "flow", "mean"]["mean_class_accuracy"] == 1.0
    assert rows["rgb", "flow", "mean"]["selected"]
    assert rows["rgb", "flow", "svm"]["mean_class_accuracy"] == 0.5
    assert document["num_test"] == 4
    json.dumps(document, allow_nan=False)


def test_each_fold_chooses_its_fusion():
    """The first fold chose the mean, which is right; the second the SVM, which is right about class 1 alone."""
    folds = {
        "fold:1": make_fold("fold:1", "da", [0, 1], mean=0.9, svm=0.5),
        "fold:2": make_fold("fold:2", "cb", [0, 1], mean=0.5, svm=0.7),
    }
    test, candidates = join_fold_ablations(folds)
    rows = build_ablation_document(test, candidates, resamples=50)["rows"]
    (chosen,) = [row for row in rows if row["selected"] and len(row["streams"]) == 2]
    assert chosen["fusion"] == "by split"
    assert chosen["mean_class_accuracy"] == 0.75
    assert chosen["validation"] == pytest.approx(0.8)


def test_shared_clips_are_refused():
    fold = make_fold("fold:1", "da", [0, 1], mean=0.9, svm=0.5)
    with pytest.raises(InputError, match="'a'"):
        join_fold_ablations({"fold:1": fold, "fold:2": make_fold("fold:2", "ab", [0, 1], mean=0.9, svm=0.5)})
