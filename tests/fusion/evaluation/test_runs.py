"""Folds are one test set, splits and seeds are averaged; what does not belong together is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from fusion.evaluation.aggregate import pool_folds, summarise
from fusion.predictions import FUSED, Predictions
from modalities.checks import InputError


def run(
    protocol: str, ids: str, labels: Sequence[int], said: Sequence[int], *, seed: int = 0, **changes: object
) -> Predictions:
    """Samples of one letter each, and the class that was said of them."""
    fields = {
        "ids": list(ids),
        "labels": labels,
        "classes": ("drink", "eat"),
        "scores": {"skeleton": np.eye(2)[list(said)]},
        "kinds": {"skeleton": "logit"},
        "groups": {"subject": [protocol] * len(ids)},
        "meta": {"dataset": "florence3d", "protocol": protocol, "split": "test", "seed": seed},
    }
    return Predictions(**fields | changes)  # type: ignore[arg-type]


FOLDS = (
    ("leave_one_out:s2", "dc", [0, 1], [0, 1]),  # both right
    ("leave_one_out:s1", "ab", [0, 0], [0, 1]),  # one of two
    ("leave_one_out:s3", "efgh", [0, 1, 1, 1], [1, 1, 1, 0]),  # two of four
)


def folds(seed: int = 0) -> list[Predictions]:
    return [run(*fold, seed=seed) for fold in FOLDS]


def test_folds_become_one_test_set():
    pooled = pool_folds(folds())
    assert "".join(pooled.ids) == "abcdefgh"
    assert pooled.labels.tolist() == [0, 0, 1, 0, 0, 1, 1, 1]
    assert pooled.scores["skeleton"].argmax(1).tolist() == [0, 1, 1, 0, 1, 1, 1, 0]
    assert [name[-2:] for name in pooled.groups["subject"]] == ["s1", "s1", "s2", "s2", "s3", "s3", "s3", "s3"]
    assert (pooled.meta["protocol"], pooled.meta["dataset"], pooled.meta["split"]) == (
        "leave_one_out",
        "florence3d",
        "test",
    )
    assert {name: fold["num"] for name, fold in pooled.meta["folds"].items()} == {
        "leave_one_out:s1": 2,
        "leave_one_out:s2": 2,
        "leave_one_out:s3": 4,
    }


def test_the_figure_of_folds_is_that_of_the_pooled_samples():
    """Of four that drink two are right, of four that eat three; the folds' own top-1 are 1/2, 1 and 1/2."""
    summary = summarise(folds())
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


def test_official_splits_are_averaged_though_samples_are_in_several():
    """Top-1 of 1 and 1/2 over sets of other sizes: their mean, not that of the samples."""
    parts = [run("split2", "abcd", [0, 1, 0, 1], [0, 1, 1, 0]), run("split1", "ab", [0, 1], [0, 1])]
    summary = summarise(parts)
    assert (summary["kind"], summary["protocols"]) == ("splits", ["split1", "split2"])
    assert summary["top1"] == summary["mean_class_accuracy"] == pytest.approx(0.75)
    assert [row["top1"] for row in summary["rows"]] == [1.0, 0.5]
    assert "ci95" not in summary


def test_seeds_have_a_mean_and_a_standard_deviation():
    """0.5, 0.75 and 1: mean 0.75, standard deviation (of three, not of all) 0.25."""
    said = ([0, 1, 1, 0], [0, 1, 0, 0], [0, 1, 0, 1])
    summary = summarise([run("cross_view", "abcd", [0, 1, 0, 1], each, seed=s) for s, each in enumerate(said)])
    assert (summary["kind"], summary["top1"], summary["sd"]["top1"]) == ("one", 0.75, pytest.approx(0.25))
    assert [row["seed"] for row in summary["seeds"]] == [0, 1, 2]
    assert "ci95" not in summary
    both = summarise([*folds(0), *folds(1)])
    assert (both["top1"], both["sd"]["top1"]) == (5 / 8, 0.0)
    assert [row["num_test"] for row in both["seeds"]] == [8, 8]


def test_one_file_is_itself():
    summary = summarise([run("cross_view", "abcd", [0, 1, 0, 1], [0, 1, 0, 0])])
    assert (summary["kind"], summary["top1"]) == ("one", 0.75)
    assert summary["ci95"] == summary["rows"][0]["ci95"]


def test_the_fused_stream_is_judged_unless_another_is_named():
    parts = [
        part.with_stream(FUSED, np.eye(2)[part.labels], kind="logprob", present=np.ones(len(part), bool))
        for part in folds()
    ]
    assert summarise(parts)["top1"] == 1
    assert summarise(parts, stream="skeleton")["top1"] == 5 / 8
    two = [part.with_stream("rgb", np.eye(2)[part.labels], kind="logit", present=part.labels > -1) for part in folds()]
    with pytest.raises(
        InputError, match="stream to evaluate must be one of rgb, skeleton, got none; name it with --str"
    ):
        summarise(two)
    with pytest.raises(
        InputError, match=r"stream to evaluate must be one of .*, got 'skelton' \(did you mean 'skeleton'"
    ):
        summarise(two, stream="skelton")


def test_a_sample_in_two_folds_is_named():
    again = run("leave_one_out:s4", "xga", [0, 1, 0], [0, 0, 0])
    for function in (pool_folds, summarise):
        with pytest.raises(
            InputError, match=r"'leave_one_out:s4' must share no .* 'leave_one_out:s1', got 'a' in both"
        ):
            function([*folds(), again])


def test_a_sample_of_two_labels_is_named():
    other = run("leave_one_out:s4", "xg", [0, 0], [0, 0])
    with pytest.raises(InputError, match="file 4 must be those of the files before, got 'drink' for 'g', not 'eat'"):
        summarise([*folds(), other])
    with pytest.raises(InputError, match="got 'eat' for 'b', not 'drink'"):
        summarise([run("split1", "ab", [0, 0], [0, 0]), run("split2", "bc", [1, 0], [0, 0])])


def test_the_same_run_twice_is_refused():
    with pytest.raises(InputError, match="file 4 must be of another protocol or seed than file 1, got protocol 'leave"):
        summarise([*folds(), folds()[0]])


def test_seeds_must_be_of_the_same_samples():
    with pytest.raises(InputError, match="protocols of seed 1 must be those of seed 0, got 'leave_one_out:s1' of one"):
        summarise([*folds(0), folds(1)[0]])
    parts = [run("cross_view", "abc", [0, 1, 0], [0, 1, 0]), run("cross_view", "abd", [0, 1, 0], [0, 1, 0], seed=1)]
    with pytest.raises(InputError, match="samples of protocol 'cross_view', seed 1 must be those of seed 0, got 'c'"):
        summarise(parts)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": ("drink", "read")}, r"classes of predictions file 2 must be those of file 1, \('drink', 'eat'\)"),
        ({"meta": {"dataset": "nucla"}}, r"dataset of predictions file 2 must be those of file 1, florence3d, got nuc"),
        ({"kinds": {"skeleton": "margin"}}, r"kinds of scores of predictions file 2 must be those of file 1"),
        ({"scores": {"rgb": np.eye(2)}, "kinds": {"rgb": "logit"}}, r"streams of predictions file 2 must be those of "),
    ],
)
def test_what_does_not_belong_together(changes, message):
    parts = [folds()[0], run("leave_one_out:s9", "yz", [0, 1], [0, 1], **changes)]
    for function in (pool_folds, summarise):
        with pytest.raises(InputError, match=message):
            function(parts)


def test_an_unlabelled_sample_is_named():
    with pytest.raises(InputError, match="predictions file 1 must be labelled, got sample 'b' without a label"):
        summarise([run("split1", "ab", [0, -1], [0, 0])])
