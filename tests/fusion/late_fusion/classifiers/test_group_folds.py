import numpy as np

from triad.fusion.late_fusion.classifiers import group_folds


def test_groups_stay_whole():
    labels = np.arange(12) % 2
    groups = np.repeat(["a", "b", "c"], 4)
    folds = group_folds(labels, groups, 3)
    assert sorted(groups[held_out][0] for _, held_out in folds) == ["a", "b", "c"]
    for train, held_out in folds:
        assert set(groups[train]).isdisjoint(groups[held_out])


def test_single_group_has_no_folds():
    assert group_folds(np.array([0, 1, 0]), np.array(["a", "a", "a"]), 3) == []
