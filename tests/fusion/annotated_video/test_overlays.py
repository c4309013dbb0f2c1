"""Overlays of a frame: people on the picture, insets beside it."""

import numpy as np
import pytest

from triad.fusion.annotated_video.attention_inset import WHOLE
from triad.fusion.annotated_video.frame_layout import INSET_HW
from triad.fusion.annotated_video.overlays import FrameOverlay
from triad.fusion.annotated_video.person_overlay import PersonOverlay
from triad.fusion.inference.ensemble import WindowPrediction
from triad.fusion.models import SampleMap
from triad.fusion.predictions import Predictions
from triad.modalities.clips import Span
from triad.modalities.skeleton import get_layout


def test_people_are_drawn_on_a_copy():
    pixels = np.stack([np.linspace(20, 60, 17), np.linspace(10, 90, 17)], axis=-1).astype(np.float32)
    picture = np.zeros((120, 160, 3), np.uint8)
    person = PersonOverlay(pixels, np.ones(17, np.float32), get_layout("coco17"))
    drawn = FrameOverlay((person,), None).draw_people(picture)
    rows, columns = np.nonzero(drawn.any(-1))
    assert not picture.any()
    assert columns.min() == pytest.approx(20, abs=4)
    assert rows.max() == pytest.approx(90, abs=4)


def test_insets_show_flow_and_attention():
    predictions = Predictions(
        ids=["0"], labels=[-1], classes=("a", "b"), scores={"rgb": np.zeros((1, 2))}, kinds={"rgb": "logit"}
    )
    alpha = SampleMap("α", "rgb", "HW", np.eye(2), Span(0, 1))
    parts = SampleMap("parts", "rgb", "N", np.ones(2), Span(0, 1), names=("hand", "head"))
    window = WindowPrediction(Span(0, 1), predictions, (alpha,))
    picture = np.full((120, 160, 3), 100, np.uint8)
    flow = np.zeros((*INSET_HW, 3), np.uint8)
    overlay = FrameOverlay((), flow, {"rgb": WHOLE})
    assert [name for name, _ in overlay.draw_insets(picture, window, 0.9)] == ["optical flow", "α of rgb"]
    assert [name for name, _ in overlay.draw_insets(picture, None, 0.9)] == ["optical flow"]
    assert FrameOverlay((), None).draw_insets(picture, None, 0.9) == []
    several = WindowPrediction(Span(0, 1), predictions, (parts, alpha, parts))
    assert [name for name, _ in overlay.draw_insets(picture, several, 0.9)] == ["α of rgb", "parts of rgb"]
