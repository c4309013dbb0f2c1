"""Pairs of one size for training, the same whole pairs at every validation, of the split's people alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from triad.fusion.estimators.flow.pairs import FlowPairs, collate_pairs
from triad.modalities.checks import InputError

SIZE = (32, 48)


def make_dataset(home, split="train", **options) -> FlowPairs:
    return FlowPairs(index=home, protocol="cross_subject", split=split, length=6, size=SIZE, **options)


def test_training_pairs_are_crops_of_size(home):
    dataset = make_dataset(home, synthetic_ratio=0.5)
    batch = collate_pairs([dataset[number] for number in range(6)])
    assert batch["id"] == ["0", "1", "2", "3", "4", "5"]
    assert {name: list(tensor.shape) for name, tensor in batch.items() if name != "id"} == {
        "first": [6, 32, 48, 3],
        "second": [6, 32, 48, 3],
        "flow": [6, 2, 32, 48],
    }


def test_training_pairs_change_with_epoch(home):
    dataset = make_dataset(home, synthetic_ratio=0.5)
    same_seed = make_dataset(home, synthetic_ratio=0.5)
    first_epoch = collate_pairs([dataset[5]])
    torch.testing.assert_close(collate_pairs([same_seed[5]])["flow"], first_epoch["flow"])
    dataset.set_epoch(1)
    assert not np.array_equal(dataset[5][1].first, first_epoch["first"][0].numpy())


def test_split_chooses_the_people(home):
    for split, subject in (("train", "s01"), ("val", "s04"), ("test", "s02")):
        assert {record["subject"] for record in make_dataset(home, split).ground_truth_pairs.records} == {subject}


def test_validation_pairs_are_whole_and_fixed(home):
    dataset = make_dataset(home, "val")
    pair = dataset[3][1]
    dataset.set_epoch(9)
    assert pair.flow.shape == (120, 160, 2)
    np.testing.assert_array_equal(dataset[3][1].first, pair.first)


def test_short_side_scales_validation_flow(home):
    small = make_dataset(home, "val")[3][1]
    large = make_dataset(home, "val", short_side=240)[3][1]
    assert large.first.shape == (240, 320, 3)
    np.testing.assert_allclose(large.flow[::2, ::2], 2 * small.flow)
    training_flow = make_dataset(home, "train")[3][1].flow
    np.testing.assert_array_equal(make_dataset(home, "train", short_side=240)[3][1].flow, training_flow)


def test_synthetic_pairs_replace_missing_true_flow(tiny, home):
    dataset = make_dataset(tiny)
    assert dataset.ground_truth_pairs is None
    assert dataset[0][1].flow.shape == (*SIZE, 2)
    assert make_dataset(tiny, "val")[0][1].flow.any()
    backgrounds = make_dataset(home, background_dataset=tiny).synthetic_pairs.records
    assert {record["subject"] for record in backgrounds} >= {"s01", "s03"}


def test_values_out_of_range_are_refused(home):
    with pytest.raises(InputError, match=r"FlowPairs.synthetic_ratio must be a share"):
        make_dataset(home, synthetic_ratio=2.0)
    with pytest.raises(InputError, match="length must be at least 1, got 0"):
        FlowPairs(index=home, protocol="cross_subject", split="train", length=0, size=SIZE)
