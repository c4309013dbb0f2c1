"""Rules of scikit-learn, which make the classifiers useful for plain arrays."""

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from triad.fusion.late_fusion.classifiers import (
    BilinearSVC,
    BlockLogisticRegression,
    BlockMLPClassifier,
    BlockScaler,
    BlockSVC,
)

ESTIMATORS = [
    BlockScaler(),
    BlockSVC(),
    BlockSVC(kernel="rbf"),
    BlockLogisticRegression(),
    BlockMLPClassifier(hidden=8),
    BilinearSVC(num_components=64),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_estimator_passes_scikit_learns_checks(estimator):
    check_estimator(estimator, on_skip=None)


@pytest.mark.parametrize("estimator", ESTIMATORS[1:], ids=repr)
def test_plain_arrays_and_strings_suffice(estimator):
    labels = np.arange(60) % 3
    columns = np.eye(3)[labels] + np.random.default_rng(0).normal(scale=0.2, size=(60, 3))
    columns = np.hstack([columns, columns[:, ::-1]])
    names = np.array(["drink", "eat", "read"])[labels]
    people = np.repeat(np.arange(6), 10)
    estimator = estimator.set_params(widths=(3, 3))
    assert set(estimator.fit(columns, names, groups=people).predict(columns)) == {"drink", "eat", "read"}
    assert cross_val_score(estimator, columns, names, groups=people, cv=GroupKFold(3)).mean() > 0.9
