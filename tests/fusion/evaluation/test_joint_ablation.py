"""An ablation over several splits: means of the splits, one fusion chosen in each, shared groups drawn once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hand_made_predictions import make_candidate, make_predictions

from triad.fusion.evaluation import SplitAblation, build_ablation_document, build_joint_document
from triad.modalities.checks import InputError

LABELS = [0, 1, 0, 1, 0, 1]


def make_split(
    name: str, *, ids: str = "abcdef", rgb: Sequence[int] = LABELS, chosen: str = "mean", **fields: object
) -> SplitAblation:
    """Make a split in which ``mean`` is always right, ``svm`` about class 1 alone; validation chose ``chosen``."""
    test = make_predictions(
        ids=tuple(ids),
        labels=LABELS,
        scores={"rgb": np.eye(2)[rgb], "flow": np.eye(2)[[0] * 6]},
        kinds={"rgb": "logit", "flow": "logit"},
        groups={"source_video": [f"v{letter}" for letter in ids]},
        meta={"dataset": "jhmdb", "protocol": name, "split": "test", "seed": 0},
        **fields,
    )
    return SplitAblation(
        test,
        10,
        [
            make_candidate(("rgb",), rgb),
            make_candidate(("flow",), [0] * 6),
            make_candidate(("rgb", "flow"), LABELS, fusion="mean", validation=0.9 if chosen == "mean" else 0.5),
            make_candidate(("rgb", "flow"), [1] * 6, fusion="svm", validation=0.9 if chosen == "svm" else 0.5),
        ],
    )


def select(document, *streams):
    (row,) = [row for row in document["rows"] if row["selected"] and row["streams"] == list(streams)]
    return row


def test_rows_are_means_of_splits():
    """RGB is right about 3/3 and 1/3 of class 0 and all of class 1: 1 and 2/3, mean 5/6."""
    splits = {
        "split1": make_split("split1"),
        "split2": make_split("split2", ids="efghij", rgb=[0, 1, 1, 1, 1, 1]),
    }
    document = build_joint_document(splits, resamples=200)
    row = select(document, "rgb")
    assert row["mean_class_accuracy"] == pytest.approx(5 / 6)
    assert {name: of_split["mean_class_accuracy"] for name, of_split in row["by_split"].items()} == {
        "split1": 1.0,
        "split2": pytest.approx(2 / 3),
    }
    assert row["ci95"][0] <= 5 / 6 <= row["ci95"][1]
    assert select(document, "flow")["mean_class_accuracy"] == 0.5
    assert (document["num_test"], document["num_validation"]) == (10, 20)  # e and f are in both
    assert document["interval"]["units"] == 10
    assert (document["protocol"], document["best_single"]) == ("split1, split2", "rgb")
    assert [pair["difference"] for pair in document["paired"]] == pytest.approx([1 / 6, 1 / 2])
    assert document["confusion"]["best_single"] == [[4, 2], [0, 6]]
    gains = {row["class"]: row["gain"] for row in document["per_class"]}
    assert gains == {"sit": pytest.approx(1 / 3), "rise": 0.0}
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_each_split_chooses_its_fusion():
    splits = {"split1": make_split("split1"), "split2": make_split("split2", chosen="svm")}
    document = build_joint_document(splits, resamples=20)
    row = select(document, "rgb", "flow")
    assert row["fusion"] == "by split"
    assert {name: of_split["fusion"] for name, of_split in row["by_split"].items()} == {
        "split1": "mean",
        "split2": "svm",
    }
    assert row["mean_class_accuracy"] == pytest.approx((1 + 1 / 2) / 2)
    others = {row["fusion"]: row["mean_class_accuracy"] for row in document["rows"] if not row["selected"]}
    assert others == {"mean": 1.0, "svm": 0.5}
    agreed = build_joint_document({name: make_split(name) for name in ("split1", "split2")}, resamples=20)
    assert select(agreed, "rgb", "flow")["fusion"] == "mean"
    assert len(agreed["rows"]) == 4


def test_equal_splits_have_the_intervals_of_one():
    split = make_split("split1", rgb=[0, 1, 1, 1, 0, 0])
    alone = build_ablation_document(split.test, split.candidates, resamples=300)
    joint = build_joint_document({"split1": split, "split2": split}, resamples=300)
    for row, other in zip(joint["rows"], alone["rows"], strict=True):
        assert row["ci95"] == pytest.approx(other["ci95"])
        assert row["ci95_samples"] == pytest.approx(other["ci95_samples"])
    for pair, other in zip(joint["paired"], alone["paired"], strict=True):
        assert pair["ci95"] == pytest.approx(other["ci95"])
    assert joint["splits"]["split2"] == {**alone, "num_validation": 10}


def test_splits_that_differ_are_refused():
    split = make_split("split1")
    with pytest.raises(InputError, match=r"splits of a joint ablation must be two or more, got split1"):
        build_joint_document({"split1": split})
    with pytest.raises(InputError, match="must be no folds, which are one test set, got cv:1, cv:2; join their"):
        build_joint_document({"cv:1": split, "cv:2": split})
    other = split._replace(test=split.test.select_streams(["rgb"]))
    with pytest.raises(InputError, match=r"streams of split2 must be those of split1, \('rgb', 'flow'\), got \('rgb',"):
        build_joint_document({"split1": split, "split2": other})


def make_seed(seed: int, rgb: Sequence[int]) -> SplitAblation:
    split = make_split("cross_view", rgb=rgb)
    return split._replace(test=replace(split.test, meta={**split.test.meta, "seed": seed}))


def test_repeated_seeds_have_a_spread():
    """RGB is right about 6/6, 5/6 and 4/6 with three seeds: 5/6 ± 1/6; only resampled clips move the interval."""
    runs = {
        "cross_view, seed 0": make_seed(0, LABELS),
        "cross_view, seed 1": make_seed(1, [0, 1, 0, 1, 0, 0]),
        "cross_view, seed 2": make_seed(2, [0, 1, 0, 1, 1, 0]),
    }
    document = build_joint_document(runs, resamples=50)
    row = select(document, "rgb")
    assert row["mean_class_accuracy"] == pytest.approx(5 / 6)
    assert (row["sd"], row["seeds"]) == (pytest.approx(1 / 6), [0, 1, 2])
    assert (document["averaged_over"], document["protocol"]) == ("seeds", "cross_view")
    assert (document["num_test"], document["interval"]["units"]) == (6, 6)
    assert select(document, "flow")["sd"] == 0
    splits = build_joint_document({name: make_split(name) for name in ("split1", "split2")}, resamples=20)
    assert (splits["averaged_over"], select(splits, "rgb")["sd"]) == ("splits", None)


def test_shares_are_those_of_mean_accuracies():
    """RGB has 1 and 2/3, flow 1/2, both 1: of the gain over chance RGB takes (5/6 − 1/2 + 1 − 1/2) / 2."""
    splits = {"split1": make_split("split1"), "split2": make_split("split2", rgb=[0, 1, 1, 1, 1, 1])}
    shapley = build_joint_document(splits, resamples=50)["shapley"]
    values = {row["stream"]: row["value"] for row in shapley["streams"]}
    assert values == {"rgb": pytest.approx(5 / 12), "flow": pytest.approx(1 / 12)}
    assert sum(values.values()) == pytest.approx(shapley["full"] - shapley["empty"])
    (sit, rise) = shapley["per_class"]
    assert sit["values"] == {"rgb": pytest.approx((2 / 3 - 1 / 2 + 0) / 2), "flow": pytest.approx((1 / 2 + 1 / 3) / 2)}
    assert rise["class"] == "rise"
