"""Scores and labels follow the names of their classes, never their positions."""

import logging

import numpy as np
import pytest

from triad.fusion.predictions import Predictions, align_classes, map_classes, match_classes, select_columns
from triad.modalities.checks import InputError


def predictions_of(classes, labels, scores, kind="logit"):
    ids = [f"clip{number}" for number in range(len(labels))]
    return Predictions(ids=ids, labels=labels, classes=classes, scores={"rgb": scores}, kinds={"rgb": kind})


def match(scored, wanted):
    return match_classes(scored, wanted, subject="checkpoint 'k.pth'", reference="dataset 'home'").tolist()


def test_columns_follow_the_names(caplog):
    caplog.set_level(logging.INFO)
    assert match("abc", "abc") == [0, 1, 2]
    assert caplog.messages == []
    assert match("abc", "cab") == [2, 0, 1]
    assert "matched by name" in caplog.messages[-1]
    assert match("abc", "ca") == [2, 0]
    assert caplog.messages[-1] == "checkpoint 'k.pth' has 3 classes; judged on the 2 of dataset 'home'"


def test_other_names_are_refused_with_both_lists():
    message = (
        r"classes of checkpoint 'k.pth' must include those of dataset 'home', a, b, x, got a, b, c, d, e and 1 more "
        r"\(only dataset 'home': x; only checkpoint 'k.pth': c, d, e, f\)"
    )
    with pytest.raises(InputError, match=message):
        match("abcdef", "abx")


def test_map_moves_scores_and_labels():
    source = predictions_of(("eat", "read", "wave"), [0, 2, -1], [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    mapped = map_classes(source, ("wave", "eat", "read"), subject="file", reference="dataset")
    assert mapped.classes == ("wave", "eat", "read")
    assert mapped.labels.tolist() == [1, 0, -1]
    assert mapped.scores["rgb"].tolist() == [[3, 1, 2], [6, 4, 5], [9, 7, 8]]


def test_map_to_fewer_normalises_log_probabilities():
    source = predictions_of(("eat", "read", "wave"), [0, 2], np.log([[0.5, 0.4, 0.1], [0.2, 0.6, 0.2]]), "logprob")
    mapped = map_classes(source, ("wave", "eat"), subject="file", reference="dataset")
    np.testing.assert_allclose(np.exp(mapped.scores["rgb"]), [[1 / 6, 5 / 6], [0.5, 0.5]], rtol=1e-6)
    np.testing.assert_array_equal(select_columns(np.array([1.0, 2.0, 3.0]), np.array([2, 0]), "logit"), [3, 1])


def test_label_outside_of_the_classes_is_refused():
    source = predictions_of(("eat", "read", "wave"), [0, 1], np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"labels of file must be of the classes of dataset, got 'read' for .*clip1"):
        map_classes(source, ("wave", "eat"), subject="file", reference="dataset")
    many = predictions_of(("eat", "read", "wave"), [[1, 0, 1], [1, 0, 0]], np.zeros((2, 3)))
    assert map_classes(many, ("wave", "eat"), subject="", reference="").labels.tolist() == [[1, 1], [0, 1]]
    many = predictions_of(("eat", "read", "wave"), [[1, 0, 1], [0, 1, 1]], np.zeros((2, 3)))
    with pytest.raises(InputError, match="got 'read, wave' for sample 'clip1'"):
        map_classes(many, ("wave", "eat"), subject="file", reference="dataset")


def test_members_take_the_fewest_classes():
    wide = predictions_of(("eat", "read", "wave"), [0, 2], np.zeros((2, 3)))
    narrow = predictions_of(("wave", "eat"), [1, 0], np.zeros((2, 2)))
    aligned = align_classes([wide, narrow])
    assert [member.classes for member in aligned] == [("wave", "eat")] * 2
    assert [member.labels.tolist() for member in aligned] == [[1, 0]] * 2
