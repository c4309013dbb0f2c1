"""Scores of each kind as probabilities, against hand-made numbers."""

import numpy as np
import pytest

from triad.fusion.predictions import to_probabilities


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("logit", [[0.75, 0.25], [0.5, 0.5]]),
        ("logprob", [[0.75, 0.25], [0.5, 0.5]]),
        ("sigmoid", [[0.75, 0.5], [0.5, 0.5]]),
    ],
)
def test_kind_decides_what_sums_to_one(kind, expected):
    scores = np.array([[np.log(3), 0], [0, 0]], np.float32)
    np.testing.assert_allclose(to_probabilities(scores, kind), expected, rtol=1e-6)
    np.testing.assert_allclose(to_probabilities(scores[0], kind), expected[0], rtol=1e-6)
