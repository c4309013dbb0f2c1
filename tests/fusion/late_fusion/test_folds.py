from dataclasses import replace

import numpy as np
import pytest
from hand_made_predictions import make_predictions

from triad.fusion.late_fusion import grouped_folds
from triad.modalities.checks import InputError


@pytest.fixture
def val(simulated):
    return simulated(split="val", samples=120)


def test_folds_never_divide_a_subject(val):
    folds = grouped_folds(val, 3)
    assert len(folds) == 3
    for train_rows, test_rows in folds:
        assert not set(val.groups["subject"][train_rows]) & set(val.groups["subject"][test_rows])
    assert sorted(np.concatenate([test_rows for _, test_rows in folds]).tolist()) == list(range(120))


def test_folds_never_divide_source_videos(val):
    videos = np.array([f"v{label}_{number % 4}" for number, label in enumerate(val.labels)])
    for train_rows, test_rows in grouped_folds(replace(val, groups={"source_video": videos}), 4):
        assert not set(videos[train_rows]) & set(videos[test_rows])
        assert set(val.labels[train_rows]) == set(val.labels)


def test_few_groups_give_few_folds(val):
    groups = {"subject": np.repeat(["a", "b"], 60)}
    assert len(grouped_folds(replace(val, groups=groups), 5)) == 2


def test_one_sample_is_refused():
    with pytest.raises(InputError, match="must hold at least two samples, got 1"):
        grouped_folds(make_predictions(ids=("a",)), 3)
