"""Epochs of the class sampler: exact shares of the classes, no sample twice before all were drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from mmengine.dataset import DefaultSampler

from triad.fusion.data import class_sampler
from triad.fusion.data.class_sampler import ClassSampler, class_shares
from triad.modalities.checks import InputError


@dataclass
class LabelDataset:
    """Dataset of labels without samples."""

    labels: np.ndarray
    num_classes: int = 3

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def class_counts(self) -> np.ndarray:
        return np.bincount(self.labels[self.labels >= 0], minlength=self.num_classes)


UNEQUAL = LabelDataset(np.array([0] * 16 + [1] * 4 + [2]))


def count_labels(sampler: ClassSampler, dataset: LabelDataset) -> Counter:
    """Count the labels of one epoch."""
    return Counter(dataset.labels[list(sampler)].tolist())


def test_shares_follow_power_of_counts():
    counts = np.array([16, 4, 1, 0])
    np.testing.assert_allclose(class_shares(counts, power=1.0), [16 / 21, 4 / 21, 1 / 21, 0])
    np.testing.assert_allclose(class_shares(counts, power=0.5), [4 / 7, 2 / 7, 1 / 7, 0])
    np.testing.assert_allclose(class_shares(counts, power=0.0), [1 / 3, 1 / 3, 1 / 3, 0])


@pytest.mark.parametrize(
    ("power", "length", "expected"),
    [
        (0.0, None, {0: 7, 1: 7, 2: 7}),
        (0.5, None, {0: 12, 1: 6, 2: 3}),
        (1.0, None, {0: 16, 1: 4, 2: 1}),
        (0.0, 60, {0: 20, 1: 20, 2: 20}),
    ],
)
def test_classes_have_their_shares_exactly(power, length, expected):
    sampler = ClassSampler(UNEQUAL, power=power, length=length, seed=0)
    assert len(sampler) == len(list(sampler)) == sum(expected.values())
    assert count_labels(sampler, UNEQUAL) == expected
    assert sampler.quotas.tolist() == pytest.approx([expected[label] for label in range(3)])


def test_remainder_changes_class_with_epoch():
    sampler = ClassSampler(UNEQUAL, length=10, seed=0)
    labels_with_more = set()
    for epoch in range(20):
        sampler.set_epoch(epoch)
        counts = count_labels(sampler, UNEQUAL)
        assert sorted(counts.values()) == [3, 3, 4]
        labels_with_more.add(max(counts, key=counts.__getitem__))
    assert labels_with_more == {0, 1, 2}


def test_samples_repeat_after_their_class():
    num_draws = Counter(ClassSampler(UNEQUAL, seed=3))
    assert sorted(num_draws[number] for number in range(16)) == [0] * 9 + [1] * 7
    assert sorted(num_draws[number] for number in range(16, 20)) == [1, 2, 2, 2]
    assert num_draws[20] == 7


def test_balanced_samples_are_drawn_once():
    dataset = LabelDataset(np.arange(30) % 3)
    assert sorted(ClassSampler(dataset, seed=0)) == list(range(30))


@pytest.mark.parametrize("world_size", [1, 2, 4])
def test_power_1_equals_default_sampler(monkeypatch, world_size):
    """Trainings that were measured with mmengine's sampler keep their order."""
    for rank in range(world_size):
        monkeypatch.setattr(class_sampler, "get_dist_info", lambda rank=rank: (rank, world_size))
        monkeypatch.setattr("mmengine.dataset.sampler.get_dist_info", lambda rank=rank: (rank, world_size))
        sampler = ClassSampler(UNEQUAL, power=1.0, seed=5)
        default_sampler = DefaultSampler(UNEQUAL, seed=5)
        for epoch in (0, 7):
            sampler.set_epoch(epoch)
            default_sampler.set_epoch(epoch)
            assert list(sampler) == list(default_sampler)
        assert len(sampler) == len(default_sampler)


def test_order_depends_on_seed_and_epoch():
    uninterrupted = ClassSampler(UNEQUAL, seed=1)
    resumed = ClassSampler(UNEQUAL, seed=1)
    list(uninterrupted)
    uninterrupted.set_epoch(4)
    resumed.set_epoch(4)
    fourth_epoch = list(resumed)
    assert list(uninterrupted) == fourth_epoch
    resumed.set_epoch(5)
    assert list(resumed) != fourth_epoch
    assert list(ClassSampler(UNEQUAL, seed=2)) != list(ClassSampler(UNEQUAL, seed=1))


def test_unlabelled_samples_are_left_out():
    dataset = LabelDataset(np.array([0, -1, 1, 1, -1, 2]))
    assert sorted(ClassSampler(dataset, power=1.0, seed=0)) == [0, 2, 3, 5]


def test_values_out_of_range_are_refused():
    with pytest.raises(InputError, match=r"ClassSampler.power must lie between 0 .* and 1 .*, got 2$"):
        ClassSampler(UNEQUAL, power=2)
    with pytest.raises(InputError, match=r"ClassSampler.length must be at least 1, or None .*, got 0$"):
        ClassSampler(UNEQUAL, length=0)
    with pytest.raises(InputError, match="training split must hold labelled samples, got none"):
        ClassSampler(LabelDataset(np.array([-1, -1])))
