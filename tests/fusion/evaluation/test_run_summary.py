"""The interval of a mean over splits and the paired difference of two experiments draw shared groups once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from triad.fusion.evaluation import compare_runs, summarize_runs
from triad.fusion.predictions import Bootstrap, Predictions
from triad.modalities.checks import InputError


def make_run(protocol: str, numbers: Sequence[int], share: float, *, seed: int = 0, **fields: object) -> Predictions:
    """Make predictions of numbered samples, four a source video; a sample has one answer in every split."""
    numbers = np.asarray(numbers)
    labels = numbers % 2
    right = np.random.default_rng(int(100 * share)).random(100)[numbers] < share
    defaults = {
        "ids": [f"{number:02d}" for number in numbers],
        "labels": labels,
        "classes": ("drink", "eat"),
        "scores": {"rgb": np.eye(2)[np.where(right, labels, 1 - labels)]},
        "kinds": {"rgb": "logit"},
        "groups": {"source_video": [f"v{number // 4:02d}" for number in numbers]},
        "meta": {"dataset": "jhmdb", "protocol": protocol, "split": "test", "seed": seed},
    }
    return Predictions(**defaults | fields)  # type: ignore[arg-type]


def test_equal_splits_have_the_interval_of_one():
    alone = summarize_runs([make_run("split1", range(60), 0.7)])
    twice = summarize_runs([make_run("split1", range(60), 0.7), make_run("split2", range(60), 0.7)])
    assert twice["ci95"] == pytest.approx(alone["ci95"])
    assert (twice["ci95_over"], twice["ci95_units"]) == ("source_video", 15)
    low, high = twice["ci95_top1"]
    assert low <= twice["top1"] <= high


def test_splits_share_their_videos():
    summary = summarize_runs([make_run("split1", range(60), 0.7), make_run("split2", range(40, 100), 0.7)])
    assert summary["ci95_units"] == 25  # 15 videos in each, five in both
    low, high = summary["ci95"]
    assert high - low < max(np.diff(row["ci95"])[0] for row in summary["rows"])


def test_difference_of_one_split_is_paired():
    run, other = make_run("split1", range(60), 0.8), make_run("split1", range(60), 0.6)
    shuffled = other.select(np.random.default_rng(0).permutation(60))
    comparison = compare_runs([run], [shuffled])
    right = [member.scores["rgb"].argmax(1) == member.labels for member in (run, other)]
    expected, ci95 = Bootstrap(run.labels, groups=run.groups["source_video"]).difference(*right)
    assert comparison["difference"] == pytest.approx(expected)
    assert comparison["ci95"] == pytest.approx(list(ci95))


def test_run_against_itself_is_zero():
    splits = [make_run("split1", range(60), 0.7), make_run("split2", range(40, 100), 0.7)]
    comparison = compare_runs(splits, splits[::-1])
    assert (comparison["difference"], comparison["ci95"]) == (0.0, [0.0, 0.0])
    assert (comparison["difference_top1"], comparison["ci95_top1"]) == (0.0, [0.0, 0.0])


def test_seeds_are_averaged_before_comparison():
    """Seed 0 is always right and seed 1 always wrong: one half against seed 0 alone, in every resample."""
    right = make_run("split1", range(60), 1.0)
    wrong = make_run("split1", range(60), 0.0, seed=1)
    comparison = compare_runs([right, wrong], [right])
    assert comparison["difference"] == -0.5
    assert comparison["ci95"] == [-0.5, -0.5]


def test_folds_are_compared_as_one_set():
    def folds(share: float) -> list[Predictions]:
        return [make_run(f"leave_one_out:s{fold}", range(20 * fold, 20 * fold + 20), share) for fold in range(3)]

    comparison = compare_runs(folds(0.8), folds(0.6))
    assert comparison["protocols"] == ["leave_one_out"]
    assert comparison["ci95_units"] == 15
    total = compare_runs([make_run("all", range(60), 0.8)], [make_run("all", range(60), 0.6)])
    assert comparison["ci95"] == total["ci95"]


def test_other_samples_are_refused():
    run = make_run("split1", range(60), 0.7)
    with pytest.raises(InputError, match="protocols to compare with must be split1, got split2"):
        compare_runs([run], [make_run("split2", range(60), 0.7)])
    with pytest.raises(InputError, match="protocol 'split1', must be the same, got '60' in one of them only"):
        compare_runs([run], [make_run("split1", range(61), 0.7)])
    with pytest.raises(InputError, match="protocol 'split1', must have the same labels, got others"):
        compare_runs([run], [make_run("split1", range(60), 0.7, labels=np.zeros(60, int))])
