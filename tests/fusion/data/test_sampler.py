"""What an epoch shows: exact shares of the classes, all once before any twice, the same on all processes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from mmengine.dataset import DefaultSampler

from fusion.data import class_sampler as module
from fusion.data.class_sampler import ClassSampler, class_shares
from modalities.checks import InputError


@dataclass
class Labels:
    """A dataset of nothing but labels."""

    labels: np.ndarray
    classes: int = 3

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def class_counts(self) -> np.ndarray:
        return np.bincount(self.labels[self.labels >= 0], minlength=self.classes)


UNEQUAL = Labels(np.array([0] * 16 + [1] * 4 + [2]))


def shown(sampler: ClassSampler, data: Labels) -> Counter:
    return Counter(data.labels[list(sampler)].tolist())


def test_shares_by_hand():
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
    assert shown(sampler, UNEQUAL) == expected
    assert sampler.quotas.tolist() == pytest.approx([expected[label] for label in range(3)])


def test_what_does_not_divide_goes_to_another_class_in_another_epoch():
    sampler = ClassSampler(UNEQUAL, length=10, seed=0)
    more = set()
    for epoch in range(20):
        sampler.set_epoch(epoch)
        counts = shown(sampler, UNEQUAL)
        assert sorted(counts.values()) == [3, 3, 4]
        more.add(max(counts, key=counts.__getitem__))
    assert more == {0, 1, 2}


def test_a_sample_comes_again_only_after_all_others_of_its_class():
    times = Counter(ClassSampler(UNEQUAL, seed=3))
    assert sorted(times[number] for number in range(16)) == [0] * 9 + [1] * 7
    assert sorted(times[number] for number in range(16, 20)) == [1, 2, 2, 2]
    assert times[20] == 7


def test_balanced_classes_are_shown_once_each():
    data = Labels(np.arange(30) % 3)
    assert sorted(ClassSampler(data, seed=0)) == list(range(30))


@pytest.mark.parametrize("world", [1, 2, 4])
def test_at_power_1_it_is_the_default_sampler(monkeypatch, world):
    """So trainings that were measured before keep their order."""
    for rank in range(world):
        monkeypatch.setattr(module, "get_dist_info", lambda rank=rank: (rank, world))
        monkeypatch.setattr("mmengine.dataset.sampler.get_dist_info", lambda rank=rank: (rank, world))
        ours, theirs = ClassSampler(UNEQUAL, power=1.0, seed=5), DefaultSampler(UNEQUAL, seed=5)
        for epoch in (0, 7):
            ours.set_epoch(epoch)
            theirs.set_epoch(epoch)
            assert list(ours) == list(theirs)
        assert len(ours) == len(theirs)


def test_seed_and_epoch_say_all():
    first, second = ClassSampler(UNEQUAL, seed=1), ClassSampler(UNEQUAL, seed=1)
    list(first)
    for each in (first, second):
        each.set_epoch(4)
    resumed = list(second)
    assert list(first) == resumed
    second.set_epoch(5)
    assert list(second) != resumed
    assert list(ClassSampler(UNEQUAL, seed=2)) != list(ClassSampler(UNEQUAL, seed=1))


def test_unlabelled_samples_are_not_shown():
    data = Labels(np.array([0, -1, 1, 1, -1, 2]))
    assert sorted(ClassSampler(data, power=1.0, seed=0)) == [0, 2, 3, 5]


def test_what_does_not_fit():
    with pytest.raises(InputError, match=r"ClassSampler.power must lie between 0 .* and 1 .*, got 2$"):
        ClassSampler(UNEQUAL, power=2)
    with pytest.raises(InputError, match=r"ClassSampler.length must be at least 1, or None .*, got 0$"):
        ClassSampler(UNEQUAL, length=0)
    with pytest.raises(InputError, match="training split must hold labelled samples, got none"):
        ClassSampler(Labels(np.array([-1, -1])))
