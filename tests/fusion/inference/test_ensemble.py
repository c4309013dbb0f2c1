"""Several models, fused into one prediction for a window."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from triad.fusion.data import WHOLE_FRAME, TemporalSampler
from triad.fusion.inference.ensemble import ModelEnsemble
from triad.fusion.inference.interfaces import Model, StreamInput
from triad.fusion.late_fusion import build_late_fusion, save_fusion
from triad.fusion.models import SampleMap
from triad.fusion.predictions import Predictions
from triad.modalities.checks import InputError
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader

CLASSES = ("eat", "read", "wave")


def build_model(stream, *scores, classes=CLASSES):
    """A model of one stream that gives the same scores for every batch."""
    inputs = {stream: StreamInput(RgbReader(frame_size=(4, 4)), 1, stream)}
    return Model(stream, lambda batch: {stream: np.array([scores], np.float32)}, classes, inputs, TemporalSampler())


def build_batch(stream, *, present=True):
    return {
        "id": ["0"],
        "number": torch.tensor([0]),
        "label": torch.tensor([-1]),
        "span": torch.tensor([[0.0, 1.0]]),
        stream: {"present": torch.tensor([present])},
    }


def test_mean_weighs_probabilities():
    models = [build_model("rgb", 2, 0, 0), build_model("skeleton", 0, 2, 0)]
    ensemble = ModelEnsemble(models, weights={"rgb": 3, "skeleton": 1})
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton")])
    high = np.exp(2) / (np.exp(2) + 2)
    low = 1 / (np.exp(2) + 2)
    np.testing.assert_allclose(
        window.probabilities, [0.75 * high + 0.25 * low, 0.25 * high + 0.75 * low, low], rtol=1e-6
    )
    np.testing.assert_allclose(window.probabilities_of("skeleton"), [low, high, low], rtol=1e-6)
    assert window.final_stream == "fused"
    assert window.attention_maps == ()
    assert ensemble.fusion_settings == {"method": "mean", "weights": {"rgb": 3, "skeleton": 1}}


def test_absent_stream_does_not_count():
    ensemble = ModelEnsemble([build_model("rgb", 2, 0, 0), build_model("skeleton", 0, 2, 0)])
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton", present=False)])
    np.testing.assert_allclose(window.probabilities, window.probabilities_of("rgb"), rtol=1e-6)
    np.testing.assert_allclose(window.probabilities_of("skeleton"), 1 / 3)


def test_single_model_is_not_fused():
    ensemble = ModelEnsemble([build_model("rgb", 2, 0, 0)])
    window = ensemble.predict(Span(0, 1), [build_batch("rgb")])
    assert window.final_stream == "rgb"
    assert ensemble.fusion_settings is None


def test_maps_of_the_middle_view_are_kept():
    """Three clips of two crops: the centre of the middle clip is the third sample; models with maps add theirs."""
    views = [(SampleMap(str(row), "rgb", "T", np.ones(2), Span(0, 1)),) for row in range(6)]
    several = replace(
        build_model("rgb", 2, 0, 0), temporal_sampler=TemporalSampler(num_clips=3, length=0.5), views=WHOLE_FRAME * 2
    )
    several.network.attention_maps = views
    other = build_model("flow", 2, 0, 0)
    other.network.attention_maps = [(SampleMap("other", "flow", "T", np.ones(2), Span(0, 1)),)]
    models = [several, other, build_model("skeleton", 2, 0, 0)]
    window = ModelEnsemble(models).predict(Span(0, 1), [build_batch(stream) for stream in ("rgb", "flow", "skeleton")])
    assert [one.name for one in window.attention_maps] == ["2", "other"]


def test_fitted_fusion_gives_fused_scores(tmp_path):
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
    models = [build_model("rgb", 2, 0, 0), build_model("skeleton", 0, 1, 0)]
    ensemble = ModelEnsemble(models, fusion=tmp_path / "f.skops")
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton")])
    np.testing.assert_allclose(window.predictions.scores["fused"], fusion.predict(window.predictions), rtol=1e-6)
    assert ensemble.fusion_settings == {"method": "product", "learned": True}
    with pytest.raises(InputError, match=r"must use only the streams rgb, got skeleton; give the checkpoint of every"):
        ModelEnsemble(models[:1], fusion=tmp_path / "f.skops")


def test_unfit_models_are_refused():
    rgb = build_model("rgb", 1, 2, 3)
    other_classes = build_model("flow_dis", 1, 2, 3, classes=("drink", "read", "wave"))
    with pytest.raises(
        InputError, match=r"classes of model 'flow_dis' must include those of model 'rgb', eat, read, wave, got drink"
    ):
        ModelEnsemble([rgb, other_classes])
    with pytest.raises(InputError, match="streams of several models must differ, got 'rgb' in two models"):
        ModelEnsemble([rgb, rgb])
    joint = replace(build_model("skeleton", 1, 2, 3), scored_streams=())
    assert ModelEnsemble([joint]).streams == ()  # its streams have no heads
    with pytest.raises(InputError, match="streams of 'skeleton' beside other models must have scores of their own"):
        ModelEnsemble([rgb, joint])
    with pytest.raises(InputError, match="--weights must name the streams rgb, got skeleton"):
        ModelEnsemble([rgb], weights={"skeleton": 1})
    with pytest.raises(InputError, match="--fuse must be one of mean, product, got 'svm'"):
        ModelEnsemble([rgb], method="svm")


def test_classes_of_models_are_matched_by_name():
    rgb = build_model("rgb", 3, 0, 0)
    turned = build_model("skeleton", 0, 0, 3, classes=("wave", "read", "eat"))
    ensemble = ModelEnsemble([rgb, turned])
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton")])
    assert window.predictions.classes == CLASSES
    np.testing.assert_array_equal(window.predictions.scores["skeleton"], [[3, 0, 0]])


def test_models_share_the_fewest_classes():
    rgb = build_model("rgb", 9, 0, 1, 2, classes=("cook", *CLASSES))
    skeleton = build_model("skeleton", 0, 0, 3)
    ensemble = ModelEnsemble([rgb, skeleton])
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton")])
    assert ensemble.classes == CLASSES
    np.testing.assert_array_equal(window.predictions.scores["rgb"], [[0, 1, 2]])


def test_fitted_fusion_matches_classes_by_name(tmp_path):
    labels = np.arange(30) % 3
    scores = 4 * np.eye(3)[labels]
    val = Predictions(
        ids=[f"v{number:02d}" for number in range(30)],
        labels=labels,
        classes=("wave", "read", "eat"),
        scores={"rgb": scores, "skeleton": scores},
        kinds={"rgb": "logit", "skeleton": "logit"},
    )
    save_fusion(build_late_fusion("mean").fit(val, ("rgb", "skeleton")), tmp_path / "f.skops")
    models = [build_model("rgb", 3, 0, 0), build_model("skeleton", 3, 0, 0)]
    ensemble = ModelEnsemble(models, fusion=tmp_path / "f.skops")
    window = ensemble.predict(Span(0, 1), [build_batch("rgb"), build_batch("skeleton")])
    assert window.predictions.classes[int(window.probabilities.argmax())] == "eat"
