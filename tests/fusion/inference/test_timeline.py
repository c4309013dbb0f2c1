import numpy as np
import pytest

from fusion.inference.ensemble import WindowPrediction
from fusion.inference.timeline import segments_of, shares_at
from fusion.predictions import Predictions
from modalities.sampling import Span


def said(start, end, *shares):
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b", "c"), scores={"rgb": np.log([shares])}, kinds={"rgb": "logit"}
    )
    return WindowPrediction(Span(start, end), predictions)


def test_where_windows_overlap_their_mean_decides():
    answers = [said(0, 2, 0.7, 0.2, 0.1), said(1, 3, 0.1, 0.8, 0.1), said(2, 4, 0.1, 0.6, 0.3)]
    np.testing.assert_allclose(shares_at(answers, 1.5), [0.4, 0.5, 0.1], rtol=1e-6)
    segments = segments_of(answers)
    assert [(each.start, each.end, each.label) for each in segments] == [(0, 1, 0), (1, 4, 1)]
    assert segments[0].share == pytest.approx(0.7)
    assert segments[1].share == pytest.approx((0.5 + 0.7 + 0.6) / 3)


def test_a_gap_between_windows_is_no_segment():
    answers = [said(0, 1, 0.8, 0.1, 0.1), said(2, 3, 0.8, 0.1, 0.1)]
    assert [(each.start, each.end) for each in segments_of(answers)] == [(0, 1), (2, 3)]
    assert shares_at(answers, 1.5) is None
    assert segments_of([]) == []


def test_edges_that_differ_by_rounding_are_one():
    answers = [said(0, 0.1 * 3, 0.8, 0.1, 0.1), said(0.3, 0.6, 0.1, 0.8, 0.1)]
    assert [(each.start, each.end, each.label) for each in segments_of(answers)] == [(0, 0.3, 0), (0.3, 0.6, 1)]
