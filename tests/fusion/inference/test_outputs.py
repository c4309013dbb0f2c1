"""Result files of a prediction of two windows."""

import csv
import json

import numpy as np
import pytest

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.ensemble import ModelEnsemble, WindowPrediction
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.outputs import build_document, stack_windows, write_outputs
from triad.fusion.inference.sliding_window import SlidingWindow
from triad.fusion.inference.video_prediction import VideoPrediction
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError
from triad.modalities.clips import Source, Span
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.stopwatch import Stopwatch

STREAMS = ("rgb", "skeleton")


def build_window(start, end, rgb, fused):
    """A window without skeleton."""
    scores = {"rgb": np.log([rgb]), "skeleton": np.zeros((1, 2)), "fused": np.log([fused])}
    predictions = Predictions(
        ids=["0"],
        labels=[-1],
        classes=("a", "b"),
        scores=scores,
        kinds={"rgb": "logit", "skeleton": "logit", "fused": "logprob"},
        present={"skeleton": [False]},
    )
    return WindowPrediction(Span(start, end), predictions)


@pytest.fixture
def prediction():
    inputs = {name: StreamInput(RgbReader(frame_size=(4, 4)), 1, name) for name in STREAMS}
    models = [Model("m", lambda batch: {}, ("a", "b"), inputs, TemporalSampler())]
    clock = Source("v.mp4", 20, fps=10.0, size_hw=(48, 64))
    stopwatch = Stopwatch()
    stopwatch.seconds["network"] = 0.5
    prediction = VideoPrediction("v.mp4", clock, ModelEnsemble(models), SlidingWindow(1.0, 1.0, 1.0), stopwatch)
    prediction.windows = [build_window(0, 1, (0.6, 0.4), (0.7, 0.3)), build_window(1, 2, (0.1, 0.9), (0.2, 0.8))]
    prediction.num_frames = 20
    return prediction


def test_files_hold_labels_and_scores(prediction, tmp_path):
    write_outputs(prediction, tmp_path)
    document = json.loads((tmp_path / "labels.json").read_text())
    assert document["video"] == {"path": "v.mp4", "frames": 20, "fps": 10.0, "height": 48, "width": 64}
    assert [row["label"] for row in document["segments"]] == ["a", "b"]
    first = document["windows"][0]
    assert (first["label"], first["probability"], first["streams"]["skeleton"]) == ("a", 0.7, None)
    assert first["streams"]["rgb"]["probability"] == 0.6
    rows = list(csv.reader((tmp_path / "labels.csv").open(encoding="utf-8")))
    assert rows == [
        ["start", "end", "label", "probability", "rgb", "skeleton"],
        ["0", "1", "a", "0.7000", "a", ""],
        ["1", "2", "b", "0.8000", "b", ""],
    ]
    stored = Predictions.load(tmp_path / "predictions.npz")
    assert stored.ids.tolist() == ["0", "1"]
    np.testing.assert_allclose(stored.spans, [[0, 1], [1, 2]])


def test_document_measures_stages(prediction):
    stages = build_document(prediction)["stages"]
    assert stages == {"network": {"seconds": 0.5, "frames_per_second": 40.0, "milliseconds_per_window": 250.0}}


def test_live_counts_are_reported(prediction):
    assert "live" not in build_document(prediction)
    prediction.dropped_frames = 3
    assert build_document(prediction)["live"] == {"dropped": 3, "skipped": 0}


def test_prediction_without_windows(prediction, tmp_path):
    prediction.windows = []
    with pytest.raises(InputError, match="prediction must have a window, got none"):
        stack_windows(prediction)
    write_outputs(prediction, tmp_path)
    assert not (tmp_path / "predictions.npz").exists()
