"""Collected predictions: frame rate, order of events, attention maps."""

import numpy as np
import pytest
import torch

from triad.fusion.data import TemporalSampler
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.inference.sliding_window import SlidingWindow, Window
from triad.fusion.inference.video_prediction import VideoPrediction
from triad.fusion.models import SampleMap
from triad.modalities.clips import Source, Span
from triad.modalities.rgb.reader import RgbReader


def network(batch):
    return {"rgb": np.array([[1.0, 0.0]], np.float32)}


network.attention_maps = [(SampleMap("α", "rgb", "HW", np.ones((2, 2)), Span(0, 1)),)]


def build_prediction(clock):
    inputs = {"rgb": StreamInput(RgbReader(frame_size=(4, 4)), 1, "rgb")}
    ensemble = ModelEnsemble([Model("m", network, ("a", "b"), inputs, TemporalSampler())])
    return VideoPrediction("v", clock, ensemble, SlidingWindow(1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("clock", "fps"),
    [(Source("v", 5, fps=25.0), 25.0), (Source("v", 4, times=(0.0, 0.1, 0.2, 0.6)), 5.0)],
)
def test_fps_is_the_average(clock, fps):
    assert build_prediction(clock).fps == pytest.approx(fps)


def test_only_sinks_get_attention_maps():
    received = []

    class Sink:
        add_window = staticmethod(received.append)

    prediction = build_prediction(Source("v", 5, fps=5.0))
    batch = {
        "id": ["0"],
        "number": torch.tensor([0]),
        "label": torch.tensor([-1]),
        "span": torch.tensor([[0.0, 1.0]]),
        "rgb": {"present": torch.tensor([True])},
    }
    prediction.predict_window(Window(0, Span(0, 1), {}), [batch], [Sink()])
    assert received[0].attention_maps == network.attention_maps[0]
    assert prediction.windows[0].attention_maps == ()
    assert "network" in prediction.stopwatch.seconds
