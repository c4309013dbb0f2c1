"""Edit score and F1@k by hand."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.predictions.localization import count_f1, edit_score, find_runs


def labels(text: str) -> np.ndarray:
    """Return the label of each frame; a point is background."""
    return np.array([-1 if letter == "." else "abc".index(letter) for letter in text])


def test_runs_without_background():
    assert find_runs(labels("..aab.b")) == [(0, 2, 4), (1, 4, 5), (1, 6, 7)]
    assert find_runs(labels("")) == find_runs(labels("...")) == []


@pytest.mark.parametrize(
    ("truth", "predicted", "score"),
    [
        ("aabbcc", "abbbbc", 1.0),  # the order alone counts
        ("aabbcc", "aabbaa", 2 / 3),
        ("aaaaaa", "aabaab", 1 / 4),  # a b a b against a: over-segmentation
        ("aabbcc", "..bb..", 1 / 3),
        ("......", "......", 1.0),
        ("......", "..a...", 0.0),
        ("abcabc", "bcabca", 1 - 2 / 6),  # one deleted, one inserted
    ],
)
def test_edit_score(truth, predicted, score):
    assert edit_score(labels(truth), labels(predicted)) == pytest.approx(score)


@pytest.mark.parametrize(
    ("truth", "predicted", "overlap", "counts"),
    [
        ("aaaabbbb", "aaaabbbb", 0.5, (2, 0, 0)),
        ("aaaabbbb", "aabbbbbb", 0.5, (2, 0, 0)),  # IoU 2/4 and 4/6
        ("aaaabbbb", "abbbbbbb", 0.5, (1, 1, 1)),  # IoU 1/4 and 4/7
        ("aaaabbbb", "abbbbbbb", 0.25, (2, 0, 0)),
        ("aaaaaaaa", "aaa.aaaa", 0.1, (1, 1, 0)),  # the second piece is one too many
        ("aaaa....", "bbbb....", 0.1, (0, 1, 1)),
        ("........", "........", 0.1, (0, 0, 0)),
        ("aa......", "......aa", 0.1, (0, 1, 1)),
    ],
)
def test_f1_counts(truth, predicted, overlap, counts):
    assert tuple(count_f1(labels(truth), labels(predicted), overlap)) == counts


def test_f1_of_counts():
    assert count_f1(labels("aaaaaaaa"), labels("aaa.aaaa"), 0.1).f1 == pytest.approx(2 / 3)
    assert count_f1(labels("...."), labels("...."), 0.1).f1 == 1
