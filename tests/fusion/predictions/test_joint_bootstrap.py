"""Groups are drawn once for all test sets, and have one weight in each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.predictions import Bootstrap, JointBootstrap, build_joint_bootstrap
from triad.modalities.checks import InputError


def test_shared_group_has_one_weight():
    """Group x alone is right, in both sets: of two draws from {x, y} 0, 1 or 2 are x, and both sets hold both."""
    labels = [np.zeros(2, int), np.zeros(2, int)]
    joint = JointBootstrap(labels, groups=[np.array(["x", "y"]), np.array(["y", "x"])], resamples=400)
    correct = [np.array([1, 0]), np.array([0, 1])]
    assert joint.num_units == 2
    assert set(joint.accuracies(correct)) == {0.0, 0.5, 1.0}
    gained, interval = joint.difference(correct, [np.array([0, 1]), np.array([1, 0])])
    assert (gained, interval) == (0.0, [-1.0, 1.0])
    opposite = [np.array([1, 0]), np.array([1, 0])]  # x in the first set, y in the second: their weights add up to 2
    assert set(joint.accuracies(opposite)) == {0.5}
    assert joint.interval(opposite) == [0.5, 0.5]


def test_exact_means_of_every_draw():
    """Sets {x, y} and {y, z}, y alone is right: k of y and one of x give k/(k+1) in the first set, and so on."""
    joint = JointBootstrap(
        [np.zeros(2, int), np.zeros(2, int)],
        groups=[np.array(["x", "y"]), np.array(["y", "z"])],
        resamples=2000,
    )
    accuracies = joint.accuracies([np.array([0, 1]), np.array([1, 0])])
    expected = set()
    for x in range(4):
        for y in range(4 - x):
            z = 3 - x - y
            shares = [y / (x + y)] if x + y else []
            shares += [y / (y + z)] if y + z else []
            expected.add(round(sum(shares) / len(shares), 6))
    assert set(np.round(accuracies.astype(float), 6)) == expected
    assert joint.accuracy([np.array([0, 1]), np.array([1, 0])]) == 0.5


def test_one_set_is_the_bootstrap():
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 4
    groups = np.array([f"v{number}" for number in rng.integers(0, 20, 90)])
    a = rng.random(90) < 0.7
    b = rng.random(90) < 0.6
    one = Bootstrap(labels, groups=groups, resamples=500)
    joint = JointBootstrap([labels], groups=[groups], resamples=500)
    assert joint.num_units == one.num_units
    np.testing.assert_array_equal(joint.accuracies([a]), one.accuracies(a))
    assert joint.interval([a]) == one.interval(a)
    assert joint.difference([a], [b])[1] == one.difference(a, b)[1]
    assert joint.difference([a], [b])[0] == pytest.approx(one.difference(a, b)[0])


def test_equal_sets_change_nothing():
    labels = np.arange(30) % 3
    groups = np.arange(30) // 3
    correct = np.random.default_rng(1).random(30) < 0.6
    once = JointBootstrap([labels], groups=[groups]).interval([correct])
    assert JointBootstrap([labels] * 3, groups=[groups] * 3).interval([correct] * 3) == pytest.approx(once)


def test_independent_sets_are_narrower():
    labels = np.arange(200) % 2
    correct = [np.random.default_rng(seed).random(200) < 0.7 for seed in range(2)]
    groups = np.arange(200)
    shared = JointBootstrap([labels] * 2, groups=[groups] * 2).interval([correct[0]] * 2)
    apart = JointBootstrap([labels] * 2, groups=[groups, groups + 200]).interval(correct)
    assert np.diff(apart) == pytest.approx(np.diff(shared) / np.sqrt(2), rel=0.15)


def test_top_1_counts_clips():
    """Class 0 has three clips, all right; class 1 has one, wrong: 3/4 of the clips, 1/2 of the classes."""
    labels = [np.array([0, 0, 0, 1])]
    joint = JointBootstrap(labels, groups=[np.array(["x"] * 4)], resamples=10)
    correct = [np.array([1, 1, 1, 0])]
    assert joint.accuracy(correct, metric="top1") == 0.75
    assert joint.accuracy(correct) == 0.5
    assert set(joint.accuracies(correct, metric="top1")) == {0.75}
    assert set(joint.accuracies(correct)) == {0.5}


def test_units_are_shared_by_all_sets():
    videos = {"source_video": ["u", "v", "w"]}
    unit, joint = build_joint_bootstrap([make_predictions(groups=videos), make_predictions(groups=videos)])
    assert (unit, joint.num_units) == ("source_video", 3)
    unit, joint = build_joint_bootstrap([make_predictions(groups=videos), make_predictions(ids=("c", "d"))])
    assert (unit, joint.num_units) == ("sample", 4)  # the second set names no videos; c is in both
    assert build_joint_bootstrap([make_predictions(groups=videos)], by_sample=True)[0] == "sample"
    with pytest.raises(InputError, match=r"groups of the test sets must be one a sample, \[3\] of one .*, got \[2\]"):
        JointBootstrap([np.zeros(3, int)], groups=[np.zeros(2, int)])
