"""Labels over time from windows that overlap, leave gaps, or touch."""

import numpy as np
import pytest

from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.inference.timeline import mean_probabilities_at, segments_from_windows
from triad.fusion.predictions import Predictions
from triad.modalities.clips import Span


def build_window(start, end, *probabilities):
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b", "c"), scores={"rgb": np.log([probabilities])}, kinds={"rgb": "logit"}
    )
    return WindowPrediction(Span(start, end), predictions)


def test_overlapping_windows_are_averaged():
    windows = [build_window(0, 2, 0.7, 0.2, 0.1), build_window(1, 3, 0.1, 0.8, 0.1), build_window(2, 4, 0.1, 0.6, 0.3)]
    np.testing.assert_allclose(mean_probabilities_at(windows, 1.5), [0.4, 0.5, 0.1], rtol=1e-6)
    segments = segments_from_windows(windows)
    assert [(segment.start, segment.end, segment.label) for segment in segments] == [(0, 1, 0), (1, 4, 1)]
    assert segments[0].probability == pytest.approx(0.7)
    assert segments[1].probability == pytest.approx((0.5 + 0.7 + 0.6) / 3)


def test_gap_between_windows_is_no_segment():
    windows = [build_window(0, 1, 0.8, 0.1, 0.1), build_window(2, 3, 0.8, 0.1, 0.1)]
    assert [(segment.start, segment.end) for segment in segments_from_windows(windows)] == [(0, 1), (2, 3)]
    assert mean_probabilities_at(windows, 1.5) is None
    assert segments_from_windows([]) == []


def test_edges_within_rounding_are_merged():
    windows = [build_window(0, 0.1 * 3, 0.8, 0.1, 0.1), build_window(0.3, 0.6, 0.1, 0.8, 0.1)]
    segments = segments_from_windows(windows)
    assert [(segment.start, segment.end, segment.label) for segment in segments] == [(0, 0.3, 0), (0.3, 0.6, 1)]


def test_several_classes_overlap_or_none_holds():
    def several(start, end, *probabilities):
        logits = np.log(probabilities) - np.log1p(-np.array(probabilities))
        predictions = Predictions(
            ids=["0"], labels=[-1], classes=("a", "b", "c"), scores={"rgb": [logits]}, kinds={"rgb": "sigmoid"}
        )
        return WindowPrediction(Span(start, end), predictions)

    windows = [several(0, 1, 0.9, 0.6, 0.1), several(1, 2, 0.7, 0.2, 0.1), several(2, 3, 0.1, 0.2, 0.1)]
    segments = segments_from_windows(windows)
    assert [segment[:3] for segment in segments] == [(0, 2, 0), (0, 1, 1)]
    assert segments[0].probability == pytest.approx(0.8)
