"""People differ, and their numbers say nothing about their bodies."""

import numpy as np
import pytest

from triad.fusion.datasets.minihome.people import SUBJECTS, choose_clothes, make_person


@pytest.mark.parametrize("name", ["height", "build", "tempo", "trunk"])
def test_people_are_exchangeable(name: str) -> None:
    values = np.array([[getattr(make_person(seed, subject), name) for subject in SUBJECTS] for seed in range(60)])
    assert values.std(axis=1).min() > 0
    numbers = np.arange(len(SUBJECTS))
    correlations = [np.corrcoef(numbers, row)[0, 1] for row in values]
    assert abs(np.mean(correlations)) < 4 / np.sqrt(60 * len(SUBJECTS))


def test_person_is_same_in_all_clips() -> None:
    assert make_person(3, "s04") == make_person(3, "s04")
    assert make_person(3, "s04") != make_person(4, "s04")


def test_stripes_contrast_with_top() -> None:
    for seed in range(50):
        clothes = choose_clothes(np.random.default_rng(seed))
        top, stripe = (np.dot(color, (0.299, 0.587, 0.114)) for color in (clothes.top, clothes.stripe))
        assert (stripe > top) == (top < 120)
