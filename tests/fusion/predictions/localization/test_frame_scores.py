"""Scores of frames from windows, smoothing, and runs above a threshold."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.predictions.localization import detect_instances, moving_average, scores_of_frames


def test_overlapping_windows_are_averaged():
    spans = np.array([[0.0, 2.0], [1.0, 3.0]])
    scores = np.array([[1.0, 0.0], [0.0, 0.5]])
    times = np.arange(4) + 0.5
    assert scores_of_frames(spans, scores, times).tolist() == [[1, 0], [0.5, 0.25], [0, 0.5], [0, 0]]


def test_moving_average_is_shorter_at_ends():
    scores = np.array([[0.0], [3.0], [0.0], [6.0]])
    assert moving_average(scores, 3).ravel().tolist() == [1.5, 1.0, 3.0, 3.0]
    assert moving_average(scores, 1).ravel().tolist() == [0, 3, 0, 6]


def test_runs_become_instances():
    scores = np.array([[0.9, 0.1], [0.5, 0.6], [0.1, 0.6], [0.8, 0.2]])
    found = detect_instances(scores, 0.5, fps=2)
    assert [instance[:3] for instance in found] == [(0.0, 1.0, 0), (0.5, 1.5, 1), (1.5, 2.0, 0)]
    assert [instance.score for instance in found] == pytest.approx([0.7, 0.6, 0.8])


def test_no_frame_no_instance():
    assert detect_instances(np.zeros((0, 2)), 0.5, fps=2) == []
