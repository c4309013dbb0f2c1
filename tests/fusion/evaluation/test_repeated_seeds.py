"""Grouping of files by protocol and seed."""

from __future__ import annotations

import pytest
from hand_made_predictions import make_predictions

from triad.fusion.evaluation import group_runs_by_origin
from triad.fusion.evaluation.repeated_seeds import averaged_over, sd_over_seeds
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError


def run_of(protocol: str | None, seed: int | None = None, stream: str = "rgb") -> Predictions:
    meta = {name: value for name, value in (("protocol", protocol), ("seed", seed)) if value is not None}
    return make_predictions(stream, meta=meta)


def test_files_are_grouped_by_protocol():
    members = [run_of("split2"), run_of("split1"), run_of("split2")]
    groups = group_runs_by_origin(members, subject="test predictions")
    assert groups == {"split1": [members[1]], "split2": [members[0], members[2]]}
    assert list(group_runs_by_origin([run_of("split1"), run_of(None)], subject="test predictions")) == ["split1"]
    assert list(group_runs_by_origin([run_of(None)], subject="test predictions")) == [""]
    with pytest.raises(InputError, match="file 4 of the test predictions must name its protocol, one of split1, split"):
        group_runs_by_origin([*members, run_of(None)], subject="test predictions")


def test_repeated_streams_are_grouped_by_seed():
    members = [run_of("cross_view", seed, stream) for seed in (1, 0) for stream in ("rgb", "flow")]
    groups = group_runs_by_origin(members, subject="test predictions")
    assert groups == {"cross_view, seed 0": members[2:], "cross_view, seed 1": members[:2]}


def test_streams_of_other_seeds_stay_together():
    members = [run_of("cross_view", 0, "rgb"), run_of("cross_view", 1, "flow")]
    assert group_runs_by_origin(members, subject="test predictions") == {"cross_view": members}


def test_incomplete_seed_is_refused():
    members = [run_of("cross_view", 0, "rgb"), run_of("cross_view", 0, "flow"), run_of("cross_view", 1, "rgb")]
    with pytest.raises(
        InputError, match="seed 1 of the test predictions of cross_view must have the streams of seed 0"
    ):
        group_runs_by_origin(members, subject="test predictions")


def test_spread_is_over_means_of_splits():
    tests = {f"{split}, {seed}": run_of(split, seed) for split in ("a", "b") for seed in (0, 1)}
    values = {"a, 0": 0.5, "b, 0": 0.7, "a, 1": 0.7, "b, 1": 0.9}
    assert averaged_over(tests) == "splits and seeds"
    assert sd_over_seeds(tests, values) == pytest.approx(0.02**0.5)
    other_splits = {"a": run_of("a", 0), "b": run_of("b", 1)}
    assert (averaged_over(other_splits), sd_over_seeds(other_splits, {"a": 1.0, "b": 0.0})) == ("splits", None)
