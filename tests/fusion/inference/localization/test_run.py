"""Windows become segments and metrics; everything is chosen on validation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from untrimmed import write_untrimmed

from triad.fusion.inference.localization import evaluate_windows
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError


def test_clear_scores_are_near_perfect(untrimmed, windows):
    document, timeline = evaluate_windows(windows["test"], windows["val"], untrimmed)
    mean = document["mean"]
    assert min(mean["frame_map"], mean["event_map_0.5"], mean["edit"], mean["f1_50"]) > 0.95
    assert mean["frame_accuracy"] > 0.85  # half a window at each border
    assert document["ci95"]["frame_map"][0] <= mean["frame_map"]
    assert (document["ci95_over"], document["ci95_units"]) == ("subject", 3)
    assert list(document["sequences"]) == ["P02T01C01", "P10T01C01", "P11T01C01"]
    assert document["per_class"]["dark"]["actions"] == 3
    (first,) = (row for row in timeline["videos"]["P02T01C01"]["predicted"] if row["label"] == "bright")
    assert (first["start"], first["end"]) == (pytest.approx(0, abs=0.3), pytest.approx(2, abs=0.3))
    assert timeline["videos"]["P02T01C01"]["truth"][1] == {"start": 4.0, "end": 6.0, "label": "dark"}


def test_settings_ignore_test_labels(untrimmed, windows):
    settings = evaluate_windows(windows["test"], windows["val"], untrimmed)[0]["settings"]
    turned = replace(windows["test"], scores={"rgb": -windows["test"].scores["rgb"]})
    document, _ = evaluate_windows(turned, windows["val"], untrimmed)
    assert document["settings"] == settings
    assert document["mean"]["event_map_0.5"] < 0.5


def test_overlapping_actions_have_no_single_label(tmp_path, windows):
    out = write_untrimmed(tmp_path, extra={"P02T01C01": [(1.0, 3.0, 1)]})
    document, _ = evaluate_windows(windows["test"], windows["val"], out)
    assert "edit" not in document["mean"]
    assert document["notes"] == [
        "frame accuracy, edit score and F1@k need one class a frame; actions of these videos overlap"
    ]
    assert 0 < document["mean"]["frame_map"] < 1


def test_independent_scores_take_a_sigmoid(untrimmed, windows):
    both = {split: part.select_streams(["rgb"]) for split, part in windows.items()}
    as_sigmoid = {split: replace(part, kinds={"rgb": "sigmoid"}) for split, part in both.items()}
    document, _ = evaluate_windows(as_sigmoid["test"], as_sigmoid["val"], untrimmed)
    assert document["mean"]["frame_map"] > 0.95


def test_video_without_windows_is_named(untrimmed, windows):
    test = windows["test"]
    part = test.select(test.groups["source_video"] != "P10T01C01")
    document, _ = evaluate_windows(part, windows["val"], untrimmed)
    assert document["dropped"] == [{"id": "P10T01C01", "reason": "left out: no window of it has scores of 'rgb'"}]
    assert len(document["sequences"]) == 2


def change(predictions: Predictions, **fields) -> Predictions:
    return replace(predictions, **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"meta": {}}, "protocol of the predictions must be named and the same"),
        ({"meta": {"protocol": "cross_subject"}}, "predictions must say which split they are of"),
        ({"spans": None}, "predictions must say which span of which video"),
        ({"groups": {}}, "predictions must say which span of which video"),
        ({"meta": {"dataset": "charades", "protocol": "cross_subject"}}, "must be of dataset 'tsu', got of 'charades'"),
        ({"classes": ("bright", "night")}, r"include those of dataset.*--known-classes"),
    ],
)
def test_foreign_predictions_are_refused(untrimmed, windows, fields, message):
    with pytest.raises(InputError, match=message):
        evaluate_windows(change(windows["test"], **fields), windows["val"], untrimmed)


@pytest.mark.parametrize("span", [(0, np.nan), (0, 1e300), (2, 1), (1, 1)])
def test_spans_must_be_seconds(untrimmed, windows, span):
    spans = windows["test"].spans.copy()
    spans[3] = span
    with pytest.raises(InputError, match="spans of the predictions must be seconds, the end after the start"):
        evaluate_windows(change(windows["test"], spans=spans), windows["val"], untrimmed)


def test_same_split_twice_is_refused(untrimmed, windows):
    with pytest.raises(InputError, match="share no sample with the test"):
        evaluate_windows(windows["test"], windows["test"], untrimmed)


@pytest.mark.parametrize("fps", [0, -1, float("nan"), 1e9, 1e-9])
def test_bad_rate_is_refused(untrimmed, windows, fps):
    with pytest.raises(InputError, match=r"--fps must be from 0\.1 to 1000"):
        evaluate_windows(windows["test"], windows["val"], untrimmed, fps=fps)
