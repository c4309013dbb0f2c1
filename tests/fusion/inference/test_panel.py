"""Several models answer as one."""

import numpy as np
import pytest
import torch

from fusion.annotated_video.frame_layout import Bar, clock_of, draw_panel, pane_of
from fusion.annotated_video.frame_layout import SidePanel as Beside
from fusion.data.temporal_sampler import TemporalSampler
from fusion.inference.ensemble import ModelEnsemble
from fusion.inference.interfaces import Model, StreamInput
from fusion.late_fusion import build_late_fusion, save_fusion
from fusion.predictions import Predictions
from modalities.checks import InputError
from modalities.rgb.reader import RgbReader
from modalities.sampling import Span

CLASSES = ("eat", "read", "wave")


def says(stream, *scores, classes=CLASSES):
    reading = StreamInput(RgbReader(frame_size=(4, 4)), 1, stream)
    network = {stream: np.array([scores], np.float32)}
    return Model(stream, lambda batch: network, classes, {stream: reading}, TemporalSampler())


def batch(stream, *, present=True):
    return {
        "id": ["0"],
        "number": torch.tensor([0]),
        "label": torch.tensor([-1]),
        "span": torch.tensor([[0.0, 1.0]]),
        stream: {"present": torch.tensor([present])},
    }


def test_the_mean_of_what_each_says():
    panel = ModelEnsemble([says("rgb", 2, 0, 0), says("skeleton", 0, 2, 0)], weights={"rgb": 3, "skeleton": 1})
    answer = panel.answer(Span(0, 1), [batch("rgb"), batch("skeleton")])
    high, low = np.exp(2) / (np.exp(2) + 2), 1 / (np.exp(2) + 2)
    np.testing.assert_allclose(answer.shares, [0.75 * high + 0.25 * low, 0.25 * high + 0.75 * low, low], rtol=1e-6)
    np.testing.assert_allclose(answer.shares_of("skeleton"), [low, high, low], rtol=1e-6)
    assert answer.stream == "fused"


def test_a_stream_that_the_video_lacks_has_no_say():
    panel = ModelEnsemble([says("rgb", 2, 0, 0), says("skeleton", 0, 2, 0)])
    answer = panel.answer(Span(0, 1), [batch("rgb"), batch("skeleton", present=False)])
    np.testing.assert_allclose(answer.shares, answer.shares_of("rgb"), rtol=1e-6)
    np.testing.assert_allclose(answer.shares_of("skeleton"), 1 / 3)


def test_a_fitted_fusion(tmp_path):
    rng = np.random.default_rng(0)
    labels = np.arange(30) % 3
    val = Predictions(
        ids=[str(number) for number in range(30)],
        labels=labels,
        classes=CLASSES,
        scores={name: 4 * np.eye(3)[labels] + rng.normal(size=(30, 3)) for name in ("rgb", "skeleton")},
        kinds={"rgb": "logit", "skeleton": "logit"},
    )
    fusion = build_late_fusion("product").fit(val, ["rgb", "skeleton"])
    save_fusion(fusion, tmp_path / "f.skops")
    models = [says("rgb", 2, 0, 0), says("skeleton", 0, 1, 0)]
    answer = ModelEnsemble(models, fusion=tmp_path / "f.skops").answer(Span(0, 1), [batch("rgb"), batch("skeleton")])
    np.testing.assert_allclose(answer.predictions.scores["fused"], fusion.predict(answer.predictions), rtol=1e-6)
    with pytest.raises(InputError, match=r"must be of the streams rgb, got skeleton too; give the checkpoint of every"):
        ModelEnsemble(models[:1], fusion=tmp_path / "f.skops")


def test_models_that_do_not_go_together():
    with pytest.raises(InputError, match=r"classes of 'flow_dis' must be those of 'rgb', got drink in one of them"):
        ModelEnsemble([says("rgb", 1, 2, 3), says("flow_dis", 1, 2, 3, classes=("drink", "read", "wave"))])
    with pytest.raises(InputError, match="streams of several models must be of one model each, got 'rgb' of two"):
        ModelEnsemble([says("rgb", 1, 2, 3), says("rgb", 1, 2, 3)])
    with pytest.raises(InputError, match="--weights must be of the streams rgb, got skeleton"):
        ModelEnsemble([says("rgb", 1, 2, 3)], weights={"skeleton": 1})
    with pytest.raises(InputError, match="--fuse must be one of mean, product, got 'svm'"):
        ModelEnsemble([says("rgb", 1, 2, 3)], method="svm")


def test_a_pane_holds_any_video_and_is_even():
    assert pane_of((1080, 1920)) == (480, 854)
    assert pane_of((240, 320)) == (480, 640)
    assert pane_of((1920, 1080)) == (480, 270)
    assert pane_of((100, 1000)) == (86, 854)


def test_a_bar_is_as_long_as_its_share():
    color = (200, 10, 10)
    drawn = draw_panel(Beside([Bar("a very long name of a class that does not fit the panel", 0.5, color)]))
    rows, columns = np.nonzero((drawn == color).all(-1))
    assert columns.max() - columns.min() + 1 == pytest.approx(0.5 * 320, abs=2)
    assert rows.max() - rows.min() < 10


def test_clock_in_words():
    assert clock_of(64.25) == "1:04"
    assert clock_of(4.27, 0.1) == "0:04.3"
    assert clock_of(59.96, 0.1) == "1:00.0"
