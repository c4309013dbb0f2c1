"""Difference of two fusions of the same streams, by hand."""

from __future__ import annotations

import pytest
from hand_made_predictions import make_candidate, make_predictions

from triad.fusion.evaluation import FusionCandidate, compare_fusions
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError

STREAMS = ("rgb", "flow")


def make_run(ids: str, *, svm: list[int], mean: list[int]) -> tuple[Predictions, list[FusionCandidate]]:
    """Make a test set of labels 0 1 0 1 … and the predicted classes of both fusions."""
    test = make_predictions(ids=tuple(ids), groups={"source_video": [f"v{letter}" for letter in ids]})
    candidates = [make_candidate(STREAMS, mean, fusion="mean"), make_candidate(STREAMS, svm, fusion="svm")]
    return test, [make_candidate(("rgb",), mean), *candidates]


def test_difference_of_one_test_set():
    """The SVM is right about all four, the mean about one of each class."""
    (row,) = compare_fusions([make_run("abcd", svm=[0, 1, 0, 1], mean=[0, 0, 1, 1])], "svm", "mean", resamples=200)
    assert (row["streams"], row["a"], row["b"]) == (["rgb", "flow"], "svm", "mean")
    assert (row["accuracy_a"], row["accuracy_b"], row["difference"]) == (1.0, 0.5, 0.5)
    assert row["ci95"][0] <= 0.5 <= row["ci95"][1]
    assert row["ci95_over"] == "source_video"
    assert (row["mcnemar"]["only_a"], row["mcnemar"]["only_b"], row["mcnemar"]["exact_p"]) == (2, 0, 0.5)


def test_difference_of_splits_is_their_mean():
    runs = [
        make_run("abcd", svm=[0, 1, 0, 1], mean=[0, 0, 1, 1]),
        make_run("cdef", svm=[0, 1, 1, 0], mean=[0, 1, 0, 0]),
    ]
    (row,) = compare_fusions(runs, "svm", "mean", resamples=200)
    assert row["difference"] == pytest.approx((0.5 - 0.25) / 2)
    assert row["mcnemar"] is None


def test_order_turns_the_sign():
    run = make_run("abcd", svm=[0, 1, 0, 1], mean=[0, 0, 1, 1])
    (forwards,) = compare_fusions([run], "svm", "mean", resamples=200)
    (backwards,) = compare_fusions([run], "mean", "svm", resamples=200)
    assert backwards["ci95"] == pytest.approx([-bound for bound in reversed(forwards["ci95"])])


def test_unknown_fusion_is_refused():
    run = make_run("abcd", svm=[0, 1, 0, 1], mean=[0, 0, 1, 1])
    with pytest.raises(InputError, match="fusions to compare must both be among mean, single, svm, got svm, max"):
        compare_fusions([run], "svm", "max")
