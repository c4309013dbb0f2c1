import numpy as np
import pytest
import torch
from tiny_recognizer import ATTENTION, build_recognizer

from triad.fusion.attention import SeparableSTA
from triad.fusion.rendering import open_explainer
from triad.fusion.rendering.attention_maps import compute_attention_maps, has_attention, shows_frame
from triad.modalities.clips import Span
from triad.modalities.rgb.reader import RgbReader
from triad.modalities.skeleton import PoseReader


def test_maps_match_model_attention(tiny, sta_model):
    config, checkpoint, options = sta_model
    explainer = open_explainer(config, checkpoint, tiny, options)
    model, dataset, record = explainer.model, explainer.dataset, explainer.index.record("left_s01")
    alpha, beta = compute_attention_maps(model, dataset, record).maps
    assert (alpha.name, alpha.axes, alpha.weights.shape) == ("α", "HW", (2, 2))
    assert (beta.name, beta.axes, beta.weights.shape) == ("β", "T", (4,))
    assert beta.weights.sum() == pytest.approx(1)
    assert alpha.driven
    assert alpha.span == Span(0.0, 1.0)
    outputs = []
    handle = model.encoders["skeleton"].register_forward_hook(lambda module, inputs, output: outputs.append(output))
    second, _ = compute_attention_maps(model, dataset, record).maps
    handle.remove()
    assert np.array_equal(second.weights, alpha.weights)  # nothing is drawn at random
    vector = outputs[0].map.mean((1, 3, 4))  # [B, M, C, T, V] -> [B, C]: one person, all times valid
    with torch.no_grad():
        expected_alpha, expected_beta = model.attention[0].weights(vector)
    np.testing.assert_allclose(alpha.weights, expected_alpha[0], atol=1e-5)
    np.testing.assert_allclose(beta.weights, expected_beta[0], atol=1e-5)


def test_attention_is_in_modules_and_joint_head():
    assert not has_attention(build_recognizer())
    assert has_attention(build_recognizer(attention=[{"type": SeparableSTA, **ATTENTION}]))


def test_crops_and_skeletons_do_not_show_the_frame():
    model = build_recognizer()
    reader = RgbReader(frame_size=(4, 4))
    assert shows_frame(model, "rgb", reader)
    assert not shows_frame(model, "rgb", PoseReader(layout="coco17", frame_size=(4, 4)))
    model.data_preprocessor.transforms["rgb"].shows_frame = False
    assert not shows_frame(model, "rgb", reader)
