"""Folds are joined into one test set, splits and seeds are averaged, and runs that do not fit are refused."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from triad.fusion.evaluation import aggregate_folds, aggregate_folds_by_seed, group_runs, summarize_runs
from triad.fusion.predictions import FUSED, Predictions
from triad.modalities.checks import InputError


def make_run(
    protocol: str, ids: str, labels: Sequence[int], predicted: Sequence[int], *, seed: int = 0, **fields: object
) -> Predictions:
    """Make predictions of samples whose ids are single letters."""
    defaults = {
        "ids": list(ids),
        "labels": labels,
        "classes": ("drink", "eat"),
        "scores": {"skeleton": np.eye(2)[list(predicted)]},
        "kinds": {"skeleton": "logit"},
        "groups": {"subject": [protocol] * len(ids)},
        "meta": {"dataset": "florence3d", "protocol": protocol, "split": "test", "seed": seed},
    }
    return Predictions(**defaults | fields)  # type: ignore[arg-type]


FOLDS = (
    ("leave_one_out:s2", "dc", [0, 1], [0, 1]),  # both right
    ("leave_one_out:s1", "ab", [0, 0], [0, 1]),  # one of two
    ("leave_one_out:s3", "efgh", [0, 1, 1, 1], [1, 1, 1, 0]),  # two of four
)


def make_folds(seed: int = 0) -> list[Predictions]:
    return [make_run(*fold, seed=seed) for fold in FOLDS]


def test_folds_are_joined_by_id():
    aggregated = aggregate_folds(make_folds())
    assert "".join(aggregated.ids) == "abcdefgh"
    assert aggregated.labels.tolist() == [0, 0, 1, 0, 0, 1, 1, 1]
    assert aggregated.scores["skeleton"].argmax(1).tolist() == [0, 1, 1, 0, 1, 1, 1, 0]
    assert [name[-2:] for name in aggregated.groups["subject"]] == ["s1", "s1", "s2", "s2", "s3", "s3", "s3", "s3"]
    assert (aggregated.meta["protocol"], aggregated.meta["dataset"], aggregated.meta["split"]) == (
        "leave_one_out",
        "florence3d",
        "test",
    )
    assert {name: fold["num"] for name, fold in aggregated.meta["folds"].items()} == {
        "leave_one_out:s1": 2,
        "leave_one_out:s2": 2,
        "leave_one_out:s3": 4,
    }


def test_folds_are_measured_as_one_set():
    """Of four that drink two are right, of four that eat three; the folds' own top-1 are 1/2, 1 and 1/2."""
    summary = summarize_runs(make_folds())
    assert (summary["kind"], summary["stream"], summary["sd"]) == ("folds", "skeleton", None)
    assert summary["mean_class_accuracy"] == pytest.approx((2 / 4 + 3 / 4) / 2)
    assert summary["top1"] == pytest.approx(5 / 8)
    assert summary["seeds"][0]["num_test"] == 8
    assert summary["seeds"][0]["mean_of_folds"]["top1"] == pytest.approx((0.5 + 1 + 0.5) / 3)
    assert [row["top1"] for row in summary["rows"]] == [0.5, 1.0, 0.5]
    low, high = summary["ci95"]
    assert low <= summary["mean_class_accuracy"] <= high
    assert summary["ci95_over"] == "subject"
    json.dumps(summary)


def test_splits_that_overlap_are_averaged():
    """Top-1 of 1 and 1/2 over sets of different sizes: their mean, not that of the samples."""
    runs = [make_run("split2", "abcd", [0, 1, 0, 1], [0, 1, 1, 0]), make_run("split1", "ab", [0, 1], [0, 1])]
    summary = summarize_runs(runs)
    assert (summary["kind"], summary["protocols"]) == ("splits", ["split1", "split2"])
    assert summary["top1"] == summary["mean_class_accuracy"] == pytest.approx(0.75)
    assert [row["top1"] for row in summary["rows"]] == [1.0, 0.5]
    low, high = summary["ci95"]
    assert low <= 0.75 <= high
    assert (summary["ci95_over"], summary["ci95_units"]) == ("sample", 4)  # two subjects are too few to draw from


def test_seeds_give_a_standard_deviation():
    """0.5, 0.75 and 1: mean 0.75, standard deviation (of three, not of all) 0.25."""
    predicted_by_seed = ([0, 1, 1, 0], [0, 1, 0, 0], [0, 1, 0, 1])
    runs = [
        make_run("cross_view", "abcd", [0, 1, 0, 1], predicted, seed=seed)
        for seed, predicted in enumerate(predicted_by_seed)
    ]
    summary = summarize_runs(runs)
    assert (summary["kind"], summary["top1"], summary["sd"]["top1"]) == ("one", 0.75, pytest.approx(0.25))
    assert [row["seed"] for row in summary["seeds"]] == [0, 1, 2]
    assert "ci95" not in summary
    two_seeds = summarize_runs([*make_folds(0), *make_folds(1)])
    assert (two_seeds["top1"], two_seeds["sd"]["top1"]) == (5 / 8, 0.0)
    assert [row["num_test"] for row in two_seeds["seeds"]] == [8, 8]


def test_one_run_keeps_its_figures():
    summary = summarize_runs([make_run("cross_view", "abcd", [0, 1, 0, 1], [0, 1, 0, 0])])
    assert (summary["kind"], summary["top1"]) == ("one", 0.75)
    assert summary["ci95"] == summary["rows"][0]["ci95"]


def test_fused_stream_is_the_default():
    runs = [
        run.with_stream(FUSED, np.eye(2)[run.labels], kind="logprob", present=np.ones(len(run), bool))
        for run in make_folds()
    ]
    assert summarize_runs(runs)["top1"] == 1
    assert summarize_runs(runs, stream="skeleton")["top1"] == 5 / 8
    several = [
        fold.with_stream("rgb", np.eye(2)[fold.labels], kind="logit", present=fold.labels > -1) for fold in make_folds()
    ]
    with pytest.raises(InputError, match="stream to evaluate must be one of rgb, skeleton, got none; name it with"):
        summarize_runs(several)
    with pytest.raises(InputError, match=r"stream to evaluate must be one of .*, got 'skelton' \(did you mean 'skelet"):
        summarize_runs(several, stream="skelton")


def test_sample_in_two_folds_is_refused():
    duplicate = make_run("leave_one_out:s4", "xga", [0, 1, 0], [0, 0, 0])
    for function in (aggregate_folds, summarize_runs):
        with pytest.raises(
            InputError, match=r"'leave_one_out:s4' must share no .* 'leave_one_out:s1', got 'a' in both"
        ):
            function([*make_folds(), duplicate])


def test_sample_with_two_labels_is_refused():
    relabelled = make_run("leave_one_out:s4", "xg", [0, 0], [0, 0])
    with pytest.raises(InputError, match="file 4 must be those of the files before, got 'drink' for 'g', not 'eat'"):
        summarize_runs([*make_folds(), relabelled])
    with pytest.raises(InputError, match="got 'eat' for 'b', not 'drink'"):
        summarize_runs([make_run("split1", "ab", [0, 0], [0, 0]), make_run("split2", "bc", [1, 0], [0, 0])])


def test_same_run_twice_is_refused():
    with pytest.raises(InputError, match="file 4 must be of another protocol or seed than file 1, got protocol 'leave"):
        summarize_runs([*make_folds(), make_folds()[0]])


def test_seeds_must_share_their_samples():
    with pytest.raises(InputError, match="protocols of seed 1 must be those of seed 0, got 'leave_one_out:s1' of one"):
        summarize_runs([*make_folds(0), make_folds(1)[0]])
    runs = [
        make_run("cross_view", "abc", [0, 1, 0], [0, 1, 0]),
        make_run("cross_view", "abd", [0, 1, 0], [0, 1, 0], seed=1),
    ]
    with pytest.raises(InputError, match="samples of protocol 'cross_view', seed 1 must be those of seed 0, got 'c'"):
        summarize_runs(runs)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"classes": ("drink", "read")},
            r"classes of predictions file 2 must include those of predictions file 1, drink, eat, got drink, read",
        ),
        ({"meta": {"dataset": "nucla"}}, r"dataset of predictions file 2 must be those of file 1, florence3d, got nuc"),
        ({"kinds": {"skeleton": "margin"}}, r"kinds of scores of predictions file 2 must be those of file 1"),
        ({"scores": {"rgb": np.eye(2)}, "kinds": {"rgb": "logit"}}, r"streams of predictions file 2 must be those of "),
    ],
)
def test_runs_that_differ_are_refused(changes, message):
    runs = [make_folds()[0], make_run("leave_one_out:s9", "yz", [0, 1], [0, 1], **changes)]
    for function in (aggregate_folds, summarize_runs):
        with pytest.raises(InputError, match=message):
            function(runs)


def test_folds_are_aggregated_per_seed():
    by_seed = aggregate_folds_by_seed(group_runs([*make_folds(1), *make_folds(0)]))
    assert list(by_seed) == [0, 1]
    assert "".join(by_seed[1].ids) == "abcdefgh"
    with pytest.raises(InputError, match=r"protocols to aggregate must be folds of one, .*, got cross_view"):
        aggregate_folds_by_seed(group_runs([make_run("cross_view", "ab", [0, 1], [0, 1])]))


def test_unlabelled_sample_is_refused():
    with pytest.raises(InputError, match="predictions file 1 must be labelled, got sample 'b' without a label"):
        summarize_runs([make_run("split1", "ab", [0, -1], [0, 0])])
