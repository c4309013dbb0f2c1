"""Intervals over videos: whole groups are drawn, and point estimates lie within."""

from __future__ import annotations

import numpy as np
import pytest

from triad.fusion.predictions.localization import (
    ActionInstance,
    VideoBootstrap,
    frame_average_precision,
    match_events,
)


def test_people_are_drawn_whole():
    bootstrap = VideoBootstrap(6, groups={"subject": np.array(list("aabbcc"))}, resamples=50)
    assert (bootstrap.unit, bootstrap.num_units) == ("subject", 3)
    assert (bootstrap.multiplicities[:, ::2] == bootstrap.multiplicities[:, 1::2]).all()
    assert (bootstrap.multiplicities.sum(axis=1) == 6).all()


def test_ratio_of_sums():
    bootstrap = VideoBootstrap(3, resamples=20)
    assert bootstrap.unit == "video"
    values = bootstrap.ratios(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert values.tolist() == [0.5] * 20
    assert bootstrap.interval(values) == [0.5, 0.5]


def test_single_video_has_no_interval():
    bootstrap = VideoBootstrap(1, resamples=20)
    assert bootstrap.interval(bootstrap.ratios(np.ones(1), np.ones(1))) is None


def test_frame_map_interval_holds_estimate():
    rng = np.random.default_rng(0)
    scores = [rng.random((40, 3)) for _ in range(8)]
    labels = [rng.random((40, 3)) < array for array in scores]
    bootstrap = VideoBootstrap(8, resamples=200)
    low, high = bootstrap.interval(bootstrap.frame_map(labels, scores)) or (1, 0)
    assert low < frame_average_precision(labels, scores).mean() < high


def test_event_map_of_perfect_detections():
    truth = [[ActionInstance(0, 1 + video, video % 2)] for video in range(4)]
    bootstrap = VideoBootstrap(4, resamples=150)
    values = bootstrap.event_map(match_events(truth, truth, num_classes=3))
    assert values.shape == (150, 7)
    assert values == pytest.approx(1)
