import time
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binomtest

from triad.fusion.predictions import Bootstrap, statistics, wilson_interval
from triad.fusion.predictions.statistics import draw_multiplicities


def test_wilson_intervals_of_the_literature():
    assert wilson_interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson_interval(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(0, 7), (3, 7), (40, 41), (5, 5)])
def test_wilson_agrees_with_scipy(successes, trials):
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson_interval(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_takes_half_successes():
    low, high = wilson_interval(3.5, 7)
    assert low + high == pytest.approx(1)
    assert wilson_interval(3, 7)[0] < low < wilson_interval(4, 7)[0]


def test_equal_seeds_give_equal_intervals():
    labels = np.arange(60) % 3
    correct = np.random.default_rng(0).random(60) < 0.7
    assert Bootstrap(labels, seed=1).interval(correct) == Bootstrap(labels, seed=1).interval(correct)
    assert Bootstrap(labels, seed=1).interval(correct) != Bootstrap(labels, seed=2).interval(correct)
    assert Bootstrap(labels).interval(np.ones(60, bool)) == [1, 1]


@pytest.mark.parametrize("groups", [None, np.array(["x"])])
def test_one_sample_has_no_interval(groups):
    bootstrap = Bootstrap(np.array([2]), groups=groups)
    assert bootstrap.interval(np.array([True])) is None
    assert bootstrap.difference(np.array([True]), np.array([False])) == (1.0, None)


def test_samples_of_one_group_stay_together():
    labels = np.zeros(6, int)
    bootstrap = Bootstrap(labels, groups=np.array(["x", "x", "x", "y", "y", "y"]), resamples=200)
    assert bootstrap.num_units == 2
    assert set(bootstrap.accuracies(np.array([1, 1, 1, 0, 0, 0]))) == {0.0, 0.5, 1.0}


def test_paired_difference_is_narrower():
    labels = np.zeros(400, int)
    b = np.random.default_rng(0).random(400) < 0.6
    a = b.copy()
    a[np.flatnonzero(~b)[:20]] = True
    bootstrap = Bootstrap(labels)
    difference, (low, high) = bootstrap.difference(a, b)
    assert difference == pytest.approx(0.05)
    assert 0 < low < 0.05 < high
    assert high - low < np.diff(bootstrap.interval(a))[0] / 1.5
    assert bootstrap.difference(b, b) == (0.0, [0.0, 0.0])


@pytest.mark.parametrize("unit", ["sample", "subject"])
def test_intervals_cover_the_truth(unit):
    """200 simulated test sets; with 95 % coverage fewer than 180 hits happen once in a thousand times."""
    rng = np.random.default_rng(5)
    hits = 0
    subjects = np.repeat(np.arange(10), 12)
    labels = np.tile(np.arange(3), 40)
    for trial in range(200):
        skill = rng.normal(0, 0.12, 10)[subjects] if unit == "subject" else 0.0
        correct = rng.random(120) < 0.7 + skill
        groups = subjects if unit == "subject" else None
        low, high = Bootstrap(labels, groups=groups, resamples=600, seed=trial).interval(correct)
        hits += low <= 0.7 <= high
    assert 180 <= hits <= 199


def test_thousands_of_resamples_are_fast():
    labels = np.arange(1000) % 16
    correct = np.random.default_rng(0).random(1000) < 0.7
    start = time.process_time()
    Bootstrap(labels, resamples=5000).interval(correct)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("groups", [None, np.arange(400) % 9])
def test_chunks_and_sparse_products_change_nothing(monkeypatch, groups):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 20, 400)
    correct = rng.random(400) < 0.7
    expected = Bootstrap(labels, groups=groups, resamples=700).accuracies(correct)
    monkeypatch.setattr(statistics, "_DENSE_SIZE", 0)
    monkeypatch.setattr(statistics, "_MAX_DRAWS", 1000)
    monkeypatch.setattr(statistics, "_CHUNK_SIZE", 33)
    chunked = Bootstrap(labels, groups=groups, resamples=700)
    np.testing.assert_array_equal(chunked.accuracies(correct), expected)
    assert chunked.interval(correct) == Bootstrap(labels, groups=groups, resamples=700).interval(correct)


def test_multiplicities_above_a_byte_are_counted(monkeypatch):
    monkeypatch.setattr(statistics.np.random, "default_rng", lambda seed: SimpleNamespace(integers=draw_first_unit))
    assert draw_multiplicities(300, resamples=2, seed=0).tolist() == [[300] + [0] * 299] * 2


def draw_first_unit(low, high, shape):
    return np.full(shape, low)


def test_many_classes_take_little_memory():
    labels = np.arange(3000) % 1000
    tracemalloc.start()
    try:
        Bootstrap(labels, resamples=5000).interval(labels % 2 == 0)
        assert tracemalloc.get_traced_memory()[1] < 150 << 20  # the products alone would take 60 MB in float32, thrice
    finally:
        tracemalloc.stop()
